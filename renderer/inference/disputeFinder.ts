import { runSettingsKey } from '#core/inference/runSettings.ts';
import type { ProjectSummary } from '#core/ipc/schemas.ts';
import { mappingKey } from '../store/classChoices.ts';
import { useDisputes } from '../store/useDisputes.ts';
import { modelIn, useModels } from '../store/useModels.ts';
import { useProject } from '../store/useProject.ts';
import { finishedRun, runKey, useResults, type ModelRun } from '../store/useResults.ts';
import { runSettingsOf, useSettings } from '../store/useSettings.ts';
import { useVerdicts } from '../store/useVerdicts.ts';
import { DisputesClient } from './disputesClient.ts';
import { oncePerTurn } from './oncePerTurn.ts';

/** Finds the disputes of every image that both models have seen, the chosen one first, and reads its verdicts. */
export class DisputeFinder {
  private readonly client = new DisputesClient(
    () => new Worker(new URL('./worker/disputesWorker.ts', import.meta.url), { type: 'module' }),
  );
  private readonly schedule = oncePerTurn(() => this.follow());
  private readonly unsubscribe: (() => void)[];
  private finding = false;
  private table: ProjectSummary['classTable'] | null = null;
  private context = '';

  constructor() {
    this.unsubscribe = [
      useProject.subscribe(this.schedule),
      useModels.subscribe(this.schedule),
      useResults.subscribe(this.schedule),
      useSettings.subscribe(this.schedule),
    ];
    this.schedule();
  }

  stop(): void {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
  }

  private follow(): void {
    const { project } = useProject.getState();
    if (!project) return;
    // A step that changes the classes changes masks and their histories all over the project.
    const isNew = useVerdicts.getState().projectId !== project.id;
    if (isNew || this.table !== project.classTable) void useVerdicts.getState().load(project.id);
    const { settings } = useSettings.getState();
    const { teacherId, studentId } = useModels.getState();
    const context = [
      project.id,
      teacherId,
      runSettingsKey(runSettingsOf(teacherId, settings)),
      studentId,
      runSettingsKey(runSettingsOf(studentId, settings)),
      mappingKey(modelIn('teacher')),
      mappingKey(modelIn('student')),
      settings.backend,
      settings.smallestDispute,
    ].join('\n');
    if (context !== this.context || this.table !== project.classTable) useDisputes.getState().clear();
    this.context = context;
    this.table = project.classTable;
    void this.find(project);
  }

  private async find(project: ProjectSummary): Promise<void> {
    if (this.finding) return;
    const imageId = this.next();
    if (imageId === null) return;
    const [teacher, student] = runsOf(imageId);
    if (!teacher || !student) return;
    this.finding = true;
    const { context } = this;
    try {
      const { smallestDispute: smallest } = useSettings.getState().settings;
      const found = await this.client.find({ teacher, student, table: project.classTable, smallest });
      await useVerdicts.getState().loadRegions(imageId);
      if (this.context === context && this.table === project.classTable) {
        useDisputes.getState().put(imageId, found);
      }
    } finally {
      this.finding = false;
      this.schedule();
    }
  }

  /** An image whose disputes are not known although both models have seen it. */
  private next(): number | null {
    const { images } = useDisputes.getState();
    const { imageId } = useProject.getState();
    const isReady = (id: number): boolean => !images.has(id) && runsOf(id).every((run) => run !== null);
    if (imageId !== null && isReady(imageId)) return imageId;
    const { teacherId } = useModels.getState();
    for (const [key, state] of useResults.getState().runs) {
      if (state.status !== 'done' || key !== runKey(state.run.imageId, teacherId ?? '')) continue;
      if (isReady(state.run.imageId)) return state.run.imageId;
    }
    return null;
  }
}

/** What teacher and student say of an image, each null until it is said with the settings of now. */
function runsOf(imageId: number): [ModelRun | null, ModelRun | null] {
  const runOf = (slot: 'teacher' | 'student'): ModelRun | null => {
    const model = modelIn(slot);
    const run = finishedRun(imageId, model?.id ?? null);
    const isRunSo = run && runSettingsKey(run.settings) === runSettingsKey(runSettingsOf(run.modelId));
    return isRunSo && (run.mapping ?? '') === mappingKey(model) ? run : null;
  };
  return [runOf('teacher'), runOf('student')];
}
