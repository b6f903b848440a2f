import { createProgress } from './console.ts';

/** Where work in several phases is. */
interface PhaseStep<Phase extends string> {
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
}

/** A counter for each phase in turn; `verbs`: what the lines call them. */
export function phaseProgress<Phase extends string>(verbs: Readonly<Record<Phase, string>>) {
  let phase: Phase | null = null;
  let progress: ReturnType<typeof createProgress> | null = null;
  return {
    at(now: PhaseStep<Phase>): void {
      if (now.phase !== phase) {
        progress?.end();
        progress = createProgress(verbs[now.phase], now.total);
        phase = now.phase;
      }
      progress?.at(now.done, '');
    },
    end(): void {
      progress?.end();
    },
  };
}
