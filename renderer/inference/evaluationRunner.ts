import type { Contestant, EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import type { EvaluationTask, FailedImage, MeasuredImage } from '#core/evaluation/evaluationTask.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError, toProblem } from '#core/problem.ts';
import { call } from '../store/studio.ts';
import { useEvaluation } from '../store/useEvaluation.ts';
import { useModels } from '../store/useModels.ts';
import { useProject } from '../store/useProject.ts';
import { wasStopped } from '../store/useStopped.ts';
import { useToasts } from '../store/useToasts.ts';
import { backendClient } from './backendClient.ts';
import { MeasureClient } from './measureClient.ts';
import type { MeasureJob } from './measureMessage.ts';
import { factsOf, fetchImage, segmentJob } from './modelOutput.ts';
import { sessionKey } from './protocol.ts';

/** Images that are asked for at once: while one is run, the next one's file and truth are read. */
const AT_ONCE = 2;
const PRIORITY = 0;

type Output = NonNullable<MeasureJob['outputs'][number]>;

/**
 * Runs the models of an evaluation while it is `running`, behind whatever the window does: with threads of its own,
 * so that what is looked at never waits for the folder. Always WebAssembly, the reference of all figures.
 */
export class EvaluationRunner {
  private readonly inference = backendClient('wasm');
  private readonly measuring: MeasureClient;
  /** The run that is worked on: `project run`. */
  private working: string | null = null;

  constructor() {
    const measure = () =>
      new Worker(new URL('./worker/measureWorker.ts', import.meta.url), { type: 'module' });
    this.measuring = new MeasureClient(measure);
    useEvaluation.subscribe(() => this.follow());
    this.follow();
  }

  private follow(): void {
    const { project } = useProject.getState();
    const run = useEvaluation.getState().runs?.find(({ state }) => state === 'running');
    if (!project || !run || this.working !== null) return;
    this.working = `${project.id} ${run.id}`;
    this.work(project.id, run)
      .catch((error: unknown) => this.giveUp(project.id, run, error))
      .finally(() => {
        this.working = null;
        // Paused runs leave their sessions: gigabytes with many students.
        this.inference.keep([]);
        this.measuring.stop();
        this.follow();
      });
  }

  /** What stops a run as a whole; one image that cannot be measured does not. */
  private async giveUp(projectId: string, run: EvaluationRun, error: unknown): Promise<void> {
    if (!isRunning(projectId, run.id)) return;
    useToasts.getState().showProblem(toProblem(error, { code: 'evaluation.failed', subject: run.name }));
    const paused = await call('evaluation.pause', { projectId, runId: run.id }).catch(() => null);
    if (paused) useEvaluation.getState().take(projectId, paused);
  }

  private async work(projectId: string, run: EvaluationRun): Promise<void> {
    const { plan } = run;
    const models = plan.contestants.map(modelOf);
    this.inference.keep(plan.contestants.map(({ sha256, keepRatio }) => sessionKey(sha256, { keepRatio })));
    const onRun = { projectId, runId: run.id };
    const isWanted = (): boolean => isRunning(projectId, run.id);
    let stored: Promise<void> = Promise.resolve();
    while (isWanted()) {
      const tasks = await call('evaluation.next', { ...onRun, count: AT_ONCE });
      if (tasks.length === 0) break;
      for (const task of tasks) {
        if (!isWanted()) break;
        const outputs = await this.outputsOf(task, plan, models).catch((error: unknown) => {
          const failure = failed(task, error);
          // A model that hangs would hang on every image.
          if (wasStopped(failure.problem)) throw error;
          return failure;
        });
        // The next image is run while this one is counted and stored.
        await stored;
        stored = this.store(onRun, task, { plan, models, outputs });
        // It is waited for above or below: until then nobody hears of a failure.
        stored.catch(() => undefined);
      }
      await stored;
    }
  }

  /** Runs the contestants that have no earlier output, one after the other. */
  private async outputsOf(
    task: EvaluationTask,
    plan: EvaluationPlan,
    models: readonly ModelInfo[],
  ): Promise<(Output | null)[]> {
    const wanted = plan.contestants.map((_, index) => !task.earlier[index]);
    if (!wanted.includes(true)) return wanted.map(() => null);
    const image = await fetchImage(task);
    const { sizing, optimise } = plan.settings;
    const outputs: (Output | null)[] = [];
    // The picture is decoded for the first model alone: each of them would have had to.
    let decode = 0;
    for (const [index, contestant] of plan.contestants.entries()) {
      if (!wanted[index]) {
        outputs.push(null);
        continue;
      }
      const settings = { sizing, optimise, keepRatio: contestant.keepRatio };
      const job = segmentJob(image, models[index]!, settings);
      const first = await this.inference.segment(job, { priority: PRIORITY });
      decode = Math.max(decode, first.timings.decode);
      // A session's first run is slower than any other: its time is not the model's own.
      const timed = first.cold ? await this.inference.segment(job, { priority: PRIORITY }) : first;
      outputs.push({ classMap: timed.classMap, logits: timed.logits, facts: factsOf(timed, decode) });
    }
    return outputs;
  }

  private async store(
    onRun: { projectId: string; runId: number },
    task: EvaluationTask,
    {
      plan,
      models,
      outputs,
    }: { plan: EvaluationPlan; models: readonly ModelInfo[]; outputs: (Output | null)[] | FailedImage },
  ): Promise<void> {
    const { project } = useProject.getState();
    if (project?.id !== onRun.projectId) return;
    let measured: MeasuredImage | null = null;
    let failure = 'problem' in outputs ? outputs : null;
    if (!('problem' in outputs)) {
      try {
        const modelTables = models.map(({ classTable }) => classTable);
        const job = {
          plan,
          table: project.classTable,
          modelTables,
          task: { truth: task.truth, earlier: task.earlier },
          outputs,
        };
        const { imageId, sha256, truthKey } = task;
        measured = { imageId, sha256, truthKey, contestants: await this.measuring.measure(job) };
      } catch (error) {
        failure = failed(task, error);
      }
    }
    const run = await call('evaluation.store', {
      ...onRun,
      measured: measured ? [measured] : [],
      failed: failure ? [failure] : [],
    });
    useEvaluation.getState().take(onRun.projectId, run);
  }
}

function failed({ imageId, name }: EvaluationTask, error: unknown): FailedImage {
  return { imageId, problem: toProblem(error, { code: 'evaluation.image', subject: name }) };
}

const isRunning = (projectId: string, runId: number): boolean =>
  useProject.getState().project?.id === projectId &&
  useEvaluation.getState().runs?.find(({ id }) => id === runId)?.state === 'running';

function modelOf({ modelId, name, sha256 }: Contestant): ModelInfo {
  const model = useModels.getState().models.find(({ id }) => id === modelId);
  if (model?.sha256 === sha256) return model;
  throw new ProblemError({
    code: 'evaluation.noModel',
    title: model ? 'its file changed since the run was set up' : 'the studio has no such model any more',
    subject: name,
    hint: model ? 'Set up a new run with it' : 'Add its folder again in Models, then resume',
  });
}
