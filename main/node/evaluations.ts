import { FigureSum } from '#core/evaluation/aggregateFigures.ts';
import type { EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { outputKey, resultKey, type EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import type { EvaluationTask, FailedImage, MeasuredImage } from '#core/evaluation/evaluationTask.ts';
import { IMAGE_METRICS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import type { ImageResult } from '#core/evaluation/imageResult.ts';
import type { MetricHistogram, ResultFilter, ResultPage, ResultRow } from '#core/evaluation/resultQuery.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import { translateIds } from '#core/labels/translateIds.ts';
import { ProblemError } from '#core/problem.ts';
import { EvaluationIndex } from './evaluationIndex.ts';
import { EvaluationTasks, ownMemory, type OwnIds } from './evaluationTasks.ts';
import { asksForGates, EvaluationResults, type SelectedImages, type Selection } from './evaluationResults.ts';
import type { EvaluationTable, ImageHash, StoredRun } from './evaluationTable.ts';
import { isMaskKey, truthStates } from './evaluationTruth.ts';
import { nextTurn } from './nextTurn.ts';
import { unpackMap } from './packMap.ts';
import type { Project } from './project.ts';
import { RunProgress } from './runProgress.ts';

/** Images looked at on the disk between two turns of other work. */
const IMAGES_AT_ONCE = 128;
/** Images whose figures are read from the project file between two turns of other work. */
const ROWS_AT_ONCE = 512;

const BY_NAME = { by: 'name', descending: false } as const;

interface OpenRun {
  readonly index: EvaluationIndex;
  readonly results: EvaluationResults;
  readonly progress: RunProgress;
  /** Images that were run again for their confidences: once is enough. */
  readonly runAgain: Set<number>;
  /** The last figures that were added up, and what they are of. */
  figures: { readonly key: string; readonly sum: Promise<EvaluationFigures> } | null;
}

/**
 * The evaluations of an open project: which images are to be measured, what came of them, and the figures. It runs no
 * model: whoever does asks `next` for tasks and gives `store` their results.
 */
export class Evaluations {
  private readonly table: EvaluationTable;
  private readonly tasks: EvaluationTasks;
  private readonly open = new Map<number, Promise<OpenRun>>();

  constructor(
    private readonly project: Project,
    /** Hears of changes of a run's state and progress. */
    private readonly tell: (run: EvaluationRun) => void,
  ) {
    this.table = project.store.evaluations;
    this.tasks = new EvaluationTasks(project);
    if (project.store.readOnly) return;
    // A run that was running when the studio ended goes on when it is started again.
    for (const { id, state } of this.table.runs()) if (state === 'running') this.table.setState(id, 'ready');
  }

  async list(): Promise<EvaluationRun[]> {
    const runs: EvaluationRun[] = [];
    for (const run of this.table.runs()) {
      await this.noticeCorrections(run.id);
      runs.push(await this.describe(run.id));
    }
    return runs;
  }

  /** A run as the window shows it. Throws ProblemError `evaluation.unknown`. */
  async describe(runId: number): Promise<EvaluationRun> {
    const { id, name, plan, state, created } = this.runOf(runId);
    const { progress } = await this.opened(runId);
    return { id, name, plan, state, created, ...progress.describe(state === 'running') };
  }

  create(name: string, plan: EvaluationPlan): Promise<EvaluationRun> {
    return this.describe(this.table.createRun(name, plan));
  }

  remove(runId: number): void {
    const others = this.table.runs().filter(({ id }) => id !== runId);
    const kept = others.flatMap(({ plan }) =>
      plan.contestants.flatMap((contestant, index) => [
        resultKey(plan, index),
        outputKey(contestant, plan.settings),
      ]),
    );
    this.table.removeRun(runId, kept);
    this.open.delete(runId);
  }

  /** Looks at every image and truth for what is new or changed, and makes tasks of those. */
  async start(runId: number): Promise<EvaluationRun> {
    const { plan } = this.runOf(runId);
    this.open.delete(runId);
    const { index, progress } = await this.opened(runId);
    const hashes = new Map<number, ImageHash>();
    for (const page of this.table.hashes(ROWS_AT_ONCE)) {
      for (const [imageId, hash] of page) hashes.set(imageId, hash);
      await nextTurn();
    }
    const states = truthStates(this.project, plan.settings.truth);
    const images = this.usable();
    const waiting: number[] = [];
    for (let from = 0; from < images.length; from += IMAGES_AT_ONCE) {
      const page = images.slice(from, from + IMAGES_AT_ONCE);
      const keys = await Promise.all(page.map(({ id }) => states.keyOf(id)));
      page.forEach(({ id, bytes, mtimeMs }, n) => {
        const hash = hashes.get(id);
        const facts = index.factsOf(id);
        const unchanged = hash?.bytes === bytes && hash.mtimeMs === Math.trunc(mtimeMs);
        const current = unchanged && facts?.sha256 === hash.sha256 && facts.truthKey === keys[n];
        if (!current) waiting.push(id);
      });
      await nextTurn();
    }
    progress.restart(waiting);
    return this.setState(runId, waiting.length > 0 ? 'running' : 'done');
  }

  pause(runId: number): Promise<EvaluationRun> {
    return this.setState(runId, 'paused');
  }

  cancel(runId: number): Promise<EvaluationRun> {
    return this.setState(runId, 'cancelled');
  }

  async next(runId: number, count: number): Promise<EvaluationTask[]> {
    const { plan } = this.runOf(runId);
    const { index, progress } = await this.opened(runId);
    const states = truthStates(this.project, plan.settings.truth);
    const tasks: EvaluationTask[] = [];
    while (tasks.length < count && this.runOf(runId).state === 'running') {
      const imageId = progress.take();
      if (imageId === null) break;
      try {
        const task = await this.tasks.taskOf(imageId, { plan, index, states });
        if (task) tasks.push(task);
        else progress.done(imageId);
      } catch (error) {
        progress.failed(imageId, error, this.project.imageName(imageId) ?? `image ${imageId}`);
      }
    }
    await this.settle(runId);
    return tasks;
  }

  async store(
    runId: number,
    measured: readonly MeasuredImage[],
    failed: readonly FailedImage[],
  ): Promise<EvaluationRun> {
    const { plan } = this.runOf(runId);
    const { index, results, progress } = await this.opened(runId);
    const states = truthStates(this.project, plan.settings.truth);
    for (const image of measured) {
      await this.tasks.put(image, { plan, index, columns: results.columns });
      const stale = (await states.keyOf(image.imageId)) !== image.truthKey;
      if (stale) progress.again(image.imageId);
      else progress.done(image.imageId);
    }
    for (const { imageId, problem } of failed) {
      progress.failed(imageId, new ProblemError(problem), problem.subject ?? '');
    }
    await this.settle(runId);
    return this.describe(runId);
  }

  async results(
    runId: number,
    { filter, sort }: Selection,
    page: Pick<ResultPage, 'offset'> & { limit: number },
  ): Promise<ResultPage> {
    const { index, results: stored } = await this.opened(runId);
    const { plan } = this.runOf(runId);
    const { imageIds, rows: selected, cell } = await this.select(runId, { filter, sort });
    const shown = imageIds.slice(page.offset, page.offset + page.limit);
    const results = stored.of(shown);
    const rows = shown.map((imageId, n): ResultRow => ({
      imageId,
      name: this.project.imageName(imageId) ?? '',
      hasTruth: results[n]?.[0]?.truth !== null,
      contestants: plan.contestants.map((_, contestant) => {
        const result = results[n]?.[contestant];
        return result ? { metrics: metricsOf(index, imageId, contestant), worst: result.worst } : null;
      }),
      cellPixels: cell && (cell[selected[page.offset + n]!] ?? 0),
    }));
    return { total: imageIds.length, offset: page.offset, rows };
  }

  async order(runId: number, selection: Selection): Promise<Uint32Array<ArrayBuffer>> {
    return Uint32Array.from((await this.select(runId, selection)).imageIds);
  }

  /** Added up once for a filter, until a result or the classes change. */
  async figures(runId: number, filter: ResultFilter): Promise<EvaluationFigures> {
    const { imageIds } = await this.select(runId, { filter, sort: BY_NAME });
    const run = await this.opened(runId);
    const { plan } = this.runOf(runId);
    const { classTable } = this.project;
    const reviews = filter.review ? imageIds : [];
    const { gates } = run.results;
    const version = asksForGates(filter, BY_NAME) ? gates.version : null;
    const key = JSON.stringify([filter, run.index.changes, version, classTable, reviews]);
    if (run.figures?.key === key) return run.figures.sum;
    const addUp = async (): Promise<EvaluationFigures> => {
      const sum = new FigureSum(plan, classTable);
      const all = run.results.measured(imageIds, { gates: false });
      for await (const { results } of all) sum.add(results);
      const figures = await sum.figures({ pause: nextTurn });
      // Soon somebody sorts by them, and through 100,000 images they take seconds.
      gates.fillSoon();
      return figures;
    };
    const own = { key, sum: addUp() };
    run.figures = own;
    own.sum.catch(() => {
      if (run.figures === own) run.figures = null;
    });
    return own.sum;
  }

  /** Results of the images that pass the filter, in the order of the folder: what a report is made of. */
  async *measured(
    runId: number,
    filter: ResultFilter,
  ): AsyncGenerator<{ imageId: number; name: string; results: readonly ImageResult[] }> {
    const { imageIds } = await this.select(runId, { filter, sort: BY_NAME });
    const { results: stored } = await this.opened(runId);
    for await (const { imageId, results } of stored.measured(imageIds)) {
      yield { imageId, name: this.project.imageName(imageId) ?? '', results };
    }
  }

  async histogram(
    runId: number,
    filter: ResultFilter,
    of: { contestant: number; metric: ImageMetric; bins: number },
  ): Promise<MetricHistogram> {
    const { index, results } = await this.opened(runId);
    if (of.metric === 'gateDistance') await results.gates.fill();
    const { rows } = await this.select(runId, { filter, sort: BY_NAME });
    return index.histogram(rows, of.contestant, of.metric, of.bins);
  }

  /** A contestant's stored class map in the classes of `target`; null where it is not stored. */
  async classMap(
    runId: number,
    about: { imageId: number; contestant: number; modelTable: ClassTable },
  ): Promise<{ width: number; height: number; ids: OwnIds } | null> {
    const { plan } = this.runOf(runId);
    const contestant = plan.contestants[about.contestant];
    const { index } = await this.opened(runId);
    const facts = index.factsOf(about.imageId);
    const image = this.project.store.image(about.imageId);
    const packed = contestant && facts && this.table.map(facts.sha256, outputKey(contestant, plan.settings));
    if (!packed || !image) return null;
    const ids = translateIds(unpackMap(packed), about.modelTable, this.project.classTable, contestant.map);
    return { width: image.width, height: image.height, ids: ownMemory(ids) };
  }

  /** The plan of a run. Throws ProblemError `evaluation.unknown`. */
  runOf(runId: number): StoredRun {
    const run = this.table.runs().find(({ id }) => id === runId);
    if (run) return run;
    throw new ProblemError({
      code: 'evaluation.unknown',
      title: `the project has no evaluation ${runId}`,
      hint: 'It was removed: choose another one',
    });
  }

  private async select(runId: number, selection: Selection): Promise<SelectedImages> {
    await this.noticeCorrections(runId);
    const { results } = await this.opened(runId);
    return results.select(selection);
  }

  /** Masks that were changed since their image was measured make tasks again: corrections count at once. */
  private async noticeCorrections(runId: number): Promise<void> {
    const { plan, state } = this.runOf(runId);
    if (state !== 'running' && state !== 'done') return;
    const { index, progress } = await this.opened(runId);
    const { maskKeyOf, byMask } = truthStates(this.project, plan.settings.truth);
    // Of 100,000 images, those whose truth is or was a mask.
    const changed = [...new Set([...byMask, ...index.imagesByMask()])].filter((id) => {
      const measured = index.factsOf(id)?.truthKey;
      const mask = maskKeyOf(id);
      return measured !== undefined && (mask === null ? isMaskKey(measured) : mask !== measured);
    });
    if (!progress.add(changed)) return;
    if (state === 'done') await this.setState(runId, 'running');
  }

  private opened(runId: number): Promise<OpenRun> {
    let run = this.open.get(runId);
    if (!run) {
      run = this.load(runId);
      this.open.set(runId, run);
      run.catch(() => this.open.delete(runId));
    }
    return run;
  }

  private async load(runId: number): Promise<OpenRun> {
    const { plan } = this.runOf(runId);
    const images = this.usable();
    const index = new EvaluationIndex(
      images.map(({ id }) => id),
      plan.contestants.length,
    );
    const keyIds = plan.contestants.map((_, contestant) => this.table.keyId(resultKey(plan, contestant)));
    for (const page of this.table.listed(keyIds, ROWS_AT_ONCE)) {
      for (const image of page) index.put(image);
      await nextTurn();
    }
    const results = new EvaluationResults(this.project, this.table, plan, index);
    return {
      index,
      results,
      progress: new RunProgress(images.length, index.count),
      runAgain: new Set(),
      figures: null,
    };
  }

  private usable() {
    return this.project.store
      .images()
      .filter(({ problem, width }) => problem?.severity !== 'error' && width > 0);
  }

  /** A run that has nothing left is done. */
  private async settle(runId: number): Promise<void> {
    const { progress, index, runAgain } = await this.opened(runId);
    if (progress.idle && this.runOf(runId).state === 'running') {
      // Corrections counted at once; with time, what was measured for the truth before them is made again.
      const again = index.uncalibrated().filter((imageId) => !runAgain.has(imageId));
      for (const imageId of again) runAgain.add(imageId);
      if (!progress.add(again)) await this.setState(runId, 'done');
    }
    if (this.runOf(runId).state === 'running' && progress.mayTell()) this.tell(await this.describe(runId));
  }

  private async setState(runId: number, state: EvaluationRun['state']): Promise<EvaluationRun> {
    this.table.setState(runId, state);
    const run = await this.describe(runId);
    this.tell(run);
    return run;
  }
}

function metricsOf(
  index: EvaluationIndex,
  imageId: number,
  contestant: number,
): Record<ImageMetric, number | null> {
  return Object.fromEntries(
    IMAGE_METRICS.map((metric) => [metric, index.metric(imageId, contestant, metric)]),
  ) as Record<ImageMetric, number | null>;
}
