import { create } from 'zustand';
import type { EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { toProblem } from '#core/problem.ts';
import { call, studio } from './studio.ts';
import { useProject } from './useProject.ts';
import { useToasts } from './useToasts.ts';

interface EvaluationState {
  /** The runs of the open project, the newest first; null until they are listed. */
  readonly runs: readonly EvaluationRun[] | null;
  /** The one that is looked at. */
  readonly runId: number | null;
  /** A new one is being set up. */
  readonly isSettingUp: boolean;
  /** A call about a run is on its way: its buttons wait. */
  readonly isBusy: boolean;
  readonly choose: (runId: number) => void;
  readonly setUp: (open: boolean) => void;
  /** Makes a run of the open project, chooses and starts it; false where it could not be. */
  readonly create: (name: string, plan: EvaluationPlan) => Promise<boolean>;
  readonly steer: (what: RunCommand) => Promise<void>;
  /** What the main process says of a run of the open project: new, or changed. */
  readonly take: (projectId: string, run: EvaluationRun) => void;
}

/** What can be done with the chosen run. */
export type RunCommand = 'start' | 'pause' | 'cancel' | 'remove';

export const useEvaluation = create<EvaluationState>()((set, get) => {
  /** One call at a time; what goes wrong is shown. */
  const ask = async (subject: string, work: (projectId: string) => Promise<void>): Promise<boolean> => {
    const { project } = useProject.getState();
    if (!project || get().isBusy) return false;
    set({ isBusy: true });
    try {
      await work(project.id);
      return true;
    } catch (error) {
      useToasts.getState().showProblem(toProblem(error, { code: 'evaluation.failed', subject }));
      return false;
    } finally {
      set({ isBusy: false });
    }
  };
  const take = (projectId: string, run: EvaluationRun): void => {
    if (useProject.getState().project?.id !== projectId) return;
    const runs = get().runs ?? [];
    const known = runs.some(({ id }) => id === run.id);
    set({ runs: known ? runs.map((one) => (one.id === run.id ? run : one)) : [run, ...runs] });
  };
  return {
    runs: null,
    runId: null,
    isSettingUp: false,
    isBusy: false,
    choose: (runId) => set({ runId, isSettingUp: false }),
    setUp: (isSettingUp) => set({ isSettingUp }),
    create: (name, plan) =>
      ask(name, async (projectId) => {
        const made = await call('evaluation.create', { projectId, name, plan });
        take(projectId, made);
        get().choose(made.id);
        take(projectId, await call('evaluation.start', { projectId, runId: made.id }));
      }),
    async steer(what) {
      const run = chosenRun(get());
      if (!run) return;
      await ask(run.name, async (projectId) => {
        const request = { projectId, runId: run.id };
        if (what !== 'remove') {
          take(projectId, await call(`evaluation.${what}`, request));
          return;
        }
        await call('evaluation.remove', request);
        const runs = (get().runs ?? []).filter(({ id }) => id !== run.id);
        set({ runs, runId: runs[0]?.id ?? null });
      });
    },
    take,
  };
});

/** The run that is looked at, or null. */
export function chosenRun(
  { runs, runId }: Pick<EvaluationState, 'runs' | 'runId'> = useEvaluation.getState(),
): EvaluationRun | null {
  return runs?.find(({ id }) => id === runId) ?? null;
}

/** Keeps the runs in step with the project that is open and with what the main process says of them. */
export function watchEvaluation(): void {
  let projectId: string | null = null;
  const follow = async (): Promise<void> => {
    const id = useProject.getState().project?.id ?? null;
    if (id === projectId) return;
    projectId = id;
    useEvaluation.setState({ runs: null, runId: null, isSettingUp: false });
    if (id === null) return;
    try {
      const listed = await call('evaluation.list', { projectId: id });
      if (projectId !== id) return;
      const runs = [...listed].sort((a, b) => b.created - a.created || b.id - a.id);
      useEvaluation.setState({ runs, runId: runs[0]?.id ?? null });
      // Of a window that was reloaded: what had been given to it is given out again.
      for (const run of runs) if (run.state === 'running') await goOn(id, run);
    } catch (error) {
      // Of a project that was left meanwhile nobody wants to hear.
      if (projectId !== id) return;
      useToasts.getState().showProblem(toProblem(error, { code: 'evaluation.list' }));
    }
  };
  useProject.subscribe(() => void follow());
  studio().on('evaluation.progress', ({ projectId: of, run }) => useEvaluation.getState().take(of, run));
}

async function goOn(projectId: string, { id }: EvaluationRun): Promise<void> {
  useEvaluation.getState().take(projectId, await call('evaluation.start', { projectId, runId: id }));
}
