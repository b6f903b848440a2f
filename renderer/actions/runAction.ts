import { toProblem } from '#core/problem.ts';
import { useToasts } from '../store/useToasts.ts';
import type { Action } from './action.ts';

/** Runs an action where it is enabled; what it throws is shown. */
export async function runAction(action: Action): Promise<void> {
  if (!action.enabled()) return;
  try {
    await action.run();
  } catch (error) {
    useToasts.getState().showProblem(toProblem(error, { code: `action.${action.id}` }));
  }
}
