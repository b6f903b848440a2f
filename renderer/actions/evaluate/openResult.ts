import { referenceIndex, type Contestant } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { METRIC_FACTS } from '#core/evaluation/imageMetric.ts';
import type { ConfusionCell, ResultRow, ResultSort } from '#core/evaluation/resultQuery.ts';
import { maskRegions } from '#core/disputes/maskRegions.ts';
import { regionEdges } from '#core/disputes/region.ts';
import { className } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { toProblem } from '#core/problem.ts';
import { FINISHED_STATES } from '#core/review/review.ts';
import { zoomToRect } from '../../canvas/viewport.ts';
import { chooseModel } from '../../store/chooseModel.ts';
import { call } from '../../store/studio.ts';
import { chosenRun } from '../../store/useEvaluation.ts';
import { useInspected, type InspectedRegion } from '../../store/useInspected.ts';
import { useModels } from '../../store/useModels.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { useResultList } from '../../store/useResultList.ts';
import { reviewStateOf } from '../../store/useReviews.ts';
import { useRunView } from '../../store/useRunView.ts';
import { changeRunSettings, runSettingsOf } from '../../store/useSettings.ts';
import { useToasts } from '../../store/useToasts.ts';
import { useView } from '../../store/useView.ts';
import { metricValue } from '../../ui/figureFormat.ts';

/** Of the stage that a failing region fills when it is framed. */
const SHARE = 0.45;
/** More regions than these are specks. */
const MOST_REGIONS = 50;

/**
 * Opens an image of the list in Compare: with the models of the run in their places, and the region that the order
 * of the list is about in the middle.
 */
export async function openResult(row: ResultRow, index: number): Promise<void> {
  const run = chosenRun();
  if (!run) return;
  const { focus, filter, sort } = useRunView.getState();
  const cell = sort.by === 'cell' ? sort.cell : filter.cell;
  takeModels(run, focus);
  useProject.getState().selectImage(row.imageId);
  const view = useView.getState();
  if (view.place !== 'compare') {
    view.setPlace('compare');
    // Its stage is measured when it is there.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  }
  const regions = (cell && (await regionsOfCell(run, row.imageId, cell))) ?? worstOf(row, focus);
  if (useProject.getState().imageId !== row.imageId) return;
  const title = cell ? cellTitle(cell) : metricTitle(row, focus, sort);
  useInspected.getState().show({ imageId: row.imageId, index, title, regions });
  frameRegion();
}

/** Goes to another row of the list from the one that is looked at. */
export async function stepResult(step: 1 | -1): Promise<void> {
  const { inspected } = useInspected.getState();
  if (!inspected) return;
  const index = inspected.index + step;
  const row = await useResultList.getState().fetchRow(index);
  if (row) await openResult(row, index);
}

/** Frames the next or previous region of the image, around to the first. */
export function stepRegion(step: 1 | -1): void {
  const { inspected, at, goTo } = useInspected.getState();
  if (!inspected || inspected.regions.length === 0) return;
  goTo((at + step + inspected.regions.length) % inspected.regions.length);
  frameRegion();
}

function frameRegion(): void {
  const { inspected, at } = useInspected.getState();
  const { stageSize, setZoom } = useView.getState();
  const image = currentImage();
  const region = inspected?.regions[at];
  if (!stageSize || !image || !inspected) return;
  setZoom(region ? zoomToRect(region.rect, stageSize, image, SHARE) : { mode: 'fit' });
}

function worstOf(row: ResultRow, focus: number): readonly InspectedRegion[] {
  const worst = row.contestants[focus]?.worst;
  return worst ? [{ rect: worst, area: worst.area, lines: null }] : [];
}

/** Teacher and student of Compare become those of the run, run as they were in it. */
function takeModels({ plan }: EvaluationRun, focus: number): void {
  const { models } = useModels.getState();
  const take = (slot: 'teacher' | 'student', contestant: Contestant | undefined): void => {
    const model = models.find(({ id }) => id === contestant?.modelId);
    if (!model || !contestant) return;
    chooseModel(slot, model.id);
    const { keepRatio } = contestant;
    const { sizing } = plan.settings;
    const now = runSettingsOf(model.id);
    if (now.keepRatio !== keepRatio || now.sizing !== sizing)
      changeRunSettings(model.id, { keepRatio, sizing });
  };
  const reference = referenceIndex(plan);
  if (reference !== null) take('teacher', plan.contestants[reference]);
  if (focus !== reference) take('student', plan.contestants[focus]);
}

/** The regions of an image behind a cell, the largest first; null where they cannot be told any more. */
async function regionsOfCell(
  run: EvaluationRun,
  imageId: number,
  cell: ConfusionCell,
): Promise<readonly InspectedRegion[] | null> {
  const { project } = useProject.getState();
  if (!project) return null;
  const onRun = { projectId: project.id, runId: run.id, imageId };
  try {
    const said = await call('evaluation.classMap', { ...onRun, contestant: cell.contestant });
    const rows = cell.against === 'truth' ? await truthIds(run, imageId) : await referenceIds(run, onRun);
    if (!said || rows?.length !== said.ids.length) return null;
    const { width, height, ids } = said;
    const assigned = new Set(project.classTable.classes.map(({ id }) => Number(id)));
    const isIn = new Uint8Array(ids.length);
    for (let n = 0; n < ids.length; n++) {
      const column = ids[n]!;
      const isColumn = cell.column === null ? !assigned.has(column) : column === cell.column;
      if (isColumn && rows[n] === cell.row) isIn[n] = 1;
    }
    const found = maskRegions(isIn, width, height).slice(0, MOST_REGIONS);
    if (found.length === 0) return null;
    return found.map((region) => ({ rect: region.rect, area: region.area, lines: regionEdges(region) }));
  } catch (error) {
    useToasts.getState().showProblem(toProblem(error, { code: 'evaluation.classMap' }));
    return null;
  }
}

async function referenceIds(
  run: EvaluationRun,
  onImage: { projectId: string; runId: number; imageId: number },
): Promise<ClassIds | null> {
  const reference = referenceIndex(run.plan);
  if (reference === null) return null;
  return (await call('evaluation.classMap', { ...onImage, contestant: reference }))?.ids ?? null;
}

/** The truth as the run counts it: the project's mask where that goes first, else the file. */
async function truthIds({ plan }: EvaluationRun, imageId: number): Promise<ClassIds | null> {
  const { project } = useProject.getState();
  const image = project?.images.find(({ id }) => id === imageId);
  if (!project || !image) return null;
  const isReviewed = FINISHED_STATES.has(reviewStateOf(imageId));
  const { truth } = plan.settings;
  if (image.hasMask && (truth === 'corrected' || (truth === 'reviewed' && isReviewed))) {
    return (await call('mask.open', { projectId: project.id, imageId }))?.ids ?? null;
  }
  return (await call('truth.read', { imageId }))?.ids ?? null;
}

function cellTitle({ row, column }: ConfusionCell): string {
  const table = useProject.getState().project?.classTable;
  if (!table) return '';
  const said = column === null ? 'nothing' : className(table, column);
  return row === column ? `${said}, rightly` : `${className(table, row)} called ${said}`;
}

/** What the list is sorted by, and how much of it this image has. */
function metricTitle(row: ResultRow, focus: number, sort: ResultSort): string {
  if (sort.by !== 'metric') return row.name;
  const value = row.contestants[focus]?.metrics[sort.metric];
  return `${METRIC_FACTS[sort.metric].label} ${metricValue(sort.metric, value)}`;
}
