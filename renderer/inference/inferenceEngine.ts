import type { ImageEntry, ProjectSummary } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem } from '#core/problem.ts';
import { useBackend } from '../store/useBackend.ts';
import { useFigures } from '../store/useFigures.ts';
import { useFolderRun } from '../store/useFolderRun.ts';
import { modelIn, useModels } from '../store/useModels.ts';
import { usePictures } from '../store/usePictures.ts';
import { currentImage, useProject } from '../store/useProject.ts';
import { finishedRun, runKey, useResults, type ModelRun } from '../store/useResults.ts';
import { useSettings } from '../store/useSettings.ts';
import { useTruth } from '../store/useTruth.ts';
import { neighbour, visibleImages } from '../store/visibleImages.ts';
import { BackendRouter } from './backendRouter.ts';
import { FiguresClient } from './figuresClient.ts';
import { findAdapter } from './findAdapter.ts';
import { InferenceClient, type WorkerPort } from './inferenceClient.ts';

const NOW = 0;
const NEXT = 5;
const WHOLE_FOLDER = 8;
/** An image that is only passed by with a held key is not worth a run. */
const SETTLE_MS = 60;
const PREFETCH_AFTER_MS = 250;
const MAX_THREADS = 8;
/** Drivers hang: with the shaders compiled for the first time, a run is done long before. */
const GPU_LIMIT_MS = 30_000;

class MovedOn extends Error {}

/** Keeps the results in step with what is looked at: the chosen image first, then the next, then the folder. */
export class InferenceEngine {
  private readonly router: BackendRouter;
  private readonly figures = new FiguresClient(
    () => new Worker(new URL('./worker/figuresWorker.ts', import.meta.url), { type: 'module' }),
  );
  private readonly pending = new Map<string, Promise<void>>();
  private abort = new AbortController();
  private wanted = '';
  private context = '';
  private scheduled = false;
  private readonly unsubscribe: (() => void)[];

  constructor() {
    const threads = Math.min(navigator.hardwareConcurrency, MAX_THREADS);
    const setup = { runtimeUrl: new URL('/ort/', document.baseURI).href, threads };
    const wasm = (): WorkerPort =>
      new Worker(new URL('./worker/wasmWorker.ts', import.meta.url), { type: 'module' });
    const gpu = (): WorkerPort =>
      new Worker(new URL('./worker/webgpuWorker.ts', import.meta.url), { type: 'module' });
    this.router = new BackendRouter(
      new InferenceClient('wasm', wasm, setup),
      new InferenceClient('webgpu', gpu, setup, GPU_LIMIT_MS),
    );
    useBackend.setState({ threads });
    const schedule = (): void => this.schedule();
    this.unsubscribe = [
      useProject.subscribe(schedule),
      useModels.subscribe(schedule),
      useFolderRun.subscribe(schedule),
      useSettings.subscribe(schedule),
    ];
    void findAdapter().then((adapter) => useBackend.getState().setAdapter(adapter));
    this.schedule();
  }

  stop(): void {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.abort.abort(new MovedOn());
  }

  /** Many stores change at once when a project opens: one look at the end of it is enough. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.follow();
    });
  }

  private follow(): void {
    const { project, imageId } = useProject.getState();
    const { teacherId, studentId } = useModels.getState();
    if (!project) return;
    const context = [
      project.id,
      project.truthFolder,
      teacherId,
      studentId,
      useSettings.getState().settings.backend,
    ].join('\n');
    const wanted = `${context}\n${String(imageId)}\n${String(useFolderRun.getState().wanted)}`;
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (context !== this.context) this.changeContext(context);
    this.abort.abort(new MovedOn());
    this.abort = new AbortController();
    useResults.getState().dropWaiting(imageId);
    void this.work(project, this.abort.signal);
  }

  /** Another project, model, truth or backend: figures are of the past; class maps of another project too. */
  private changeContext(context: string): void {
    const [projectBefore, truthBefore, , , backendBefore] = this.context.split('\n');
    const [project, truth, , , backend] = context.split('\n');
    this.context = context;
    useFigures.getState().clear();
    if (project !== projectBefore || backend !== backendBefore) useResults.getState().clear();
    if (project !== projectBefore || truth !== truthBefore) useTruth.getState().clear();
    if (project !== projectBefore) {
      usePictures.getState().clear();
      useFolderRun.getState().stop();
    }
    const chosen = [modelIn('teacher'), modelIn('student')];
    this.router.keep(chosen.flatMap((model) => (model ? [model.sha256] : [])));
  }

  private async work(project: ProjectSummary, signal: AbortSignal): Promise<void> {
    if (useFolderRun.getState().wanted) this.tellProgress(project);
    const image = currentImage();
    if (image) {
      usePictures.getState().load(image);
      if (!this.isFinished(image)) await pause(SETTLE_MS);
      if (signal.aborted) return;
      await this.compare(image, project, NOW, signal);
    }
    await pause(PREFETCH_AFTER_MS);
    if (signal.aborted) return;
    const { filter, sort, imageId } = useProject.getState();
    const shown = visibleImages(project.images, { filter, sort, figures: useFigures.getState().figures });
    const next = neighbour(shown, imageId, 1);
    if (next && next.id !== imageId) {
      usePictures.getState().load(next);
      await this.compare(next, project, NEXT, signal);
    }
    if (useFolderRun.getState().wanted) await this.compareFolder(project, signal);
  }

  private async compareFolder(project: ProjectSummary, signal: AbortSignal): Promise<void> {
    for (const image of usableImages(project)) {
      if (signal.aborted) return;
      this.tellProgress(project);
      if (!useFigures.getState().figures.get(image.id)?.teacherStudent) {
        await this.compare(image, project, WHOLE_FOLDER, signal);
      }
    }
    if (!signal.aborted) useFolderRun.getState().stop();
  }

  private tellProgress(project: ProjectSummary): void {
    const { figures } = useFigures.getState();
    const usable = usableImages(project);
    const done = usable.filter((image) => figures.get(image.id)?.teacherStudent).length;
    useFolderRun.getState().setProgress({ done, total: usable.length });
  }

  private isFinished(image: ImageEntry): boolean {
    return (['teacher', 'student'] as const).every((slot) => {
      const model = modelIn(slot);
      return !model || finishedRun(image.id, model.id) !== null;
    });
  }

  /** Both models on one image, teacher first, and the figures that follow from them. */
  private async compare(
    image: ImageEntry,
    project: ProjectSummary,
    priority: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (image.problem?.severity === 'error') return;
    const teacher = modelIn('teacher');
    const student = modelIn('student');
    const truth = image.hasTruth ? useTruth.getState().load(image.id) : Promise.resolve(null);
    const models = [teacher, student].filter((model) => model !== null);
    await Promise.all(models.map((model) => this.runModel(image, model, priority, signal)));
    const input = {
      teacher: finishedRun(image.id, teacher?.id ?? null),
      student: finishedRun(image.id, student?.id ?? null),
      truth: await truth,
      table: project.classTable,
    };
    if (useProject.getState().project?.id !== project.id) return;
    const known = useFigures.getState().figures.get(image.id);
    const complete = known?.teacherStudent && known.studentId === student?.id;
    if (complete || (!input.teacher && !input.student)) return;
    const context = this.context;
    const figures = await this.figures.compute(input);
    if (this.context === context) useFigures.getState().put(image.id, figures);
  }

  private runModel(
    image: ImageEntry,
    model: ModelInfo,
    priority: number,
    signal: AbortSignal,
  ): Promise<void> {
    const key = runKey(image.id, model.id);
    if (finishedRun(image.id, model.id)) return Promise.resolve();
    const running = this.pending.get(key);
    if (running) return running;
    const { setRun } = useResults.getState();
    const broken = model.problems.find((problem) => problem.severity === 'error');
    if (broken) {
      setRun(image.id, model.id, { status: 'failed', problem: broken });
      return Promise.resolve();
    }
    setRun(image.id, model.id, { status: 'waiting' });
    const context = this.context;
    const work = this.router
      .segment(
        {
          image: { url: image.url, name: image.name },
          model: {
            url: model.onnxUrl,
            name: model.name,
            sha256: model.sha256,
            preprocessor: model.preprocessor,
          },
        },
        { priority, signal, onStart: () => setRun(image.id, model.id, { status: 'running' }) },
      )
      .then(
        ({ answer, backend }) => {
          // Image ids mean nothing in another project.
          if (this.context.split('\n')[0] !== context.split('\n')[0]) return;
          const run: ModelRun = {
            ...answer,
            imageId: image.id,
            modelId: model.id,
            modelSha256: model.sha256,
            table: model.classTable,
            backend,
          };
          setRun(image.id, model.id, { status: 'done', run });
        },
        (error: unknown) => {
          if (error instanceof MovedOn) return;
          const problem = toProblem(error, { code: 'inference.failed', subject: image.name });
          setRun(image.id, model.id, { status: 'failed', problem });
        },
      )
      .finally(() => this.pending.delete(key));
    this.pending.set(key, work);
    return work;
  }
}

const usableImages = (project: ProjectSummary): readonly ImageEntry[] =>
  project.images.filter((image) => image.problem?.severity !== 'error');

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
