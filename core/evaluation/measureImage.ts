import { confidenceMap } from '../imaging/confidenceMap.ts';
import type { Logits } from '../imaging/logits.ts';
import type { ClassTable } from '../labels/classTable.ts';
import { chosenMapping, mapOutput } from '../labels/classMapping.ts';
import { matchClasses } from '../labels/matchClasses.ts';
import { idsInTable, remapIds, remapTable } from '../labels/remapIds.ts';
import type { ClassIds, ClassMap } from '../mask/classMap.ts';
import { connectedComponents } from '../mask/components.ts';
import { boundaryCounts } from '../metrics/boundary.ts';
import { calibrationCounts } from '../metrics/calibration.ts';
import { ConfusionMatrix } from '../metrics/confusionMatrix.ts';
import { divergenceMap } from '../metrics/divergenceMap.ts';
import { ProblemError } from '../problem.ts';
import { referenceIndex, type EvaluationPlan } from './evaluationPlan.ts';
import type { EvaluationTask, MeasuredImage } from './evaluationTask.ts';
import type { FailingRegion, ImageResult, RunFacts } from './imageResult.ts';
import { sparseCounts } from './sparseCounts.ts';

/** What a contestant made of the task's image. */
export interface ContestantOutput {
  /** At the picture's own size, in the model's own ids. */
  readonly classMap: ClassMap;
  readonly logits: Logits;
  readonly facts: RunFacts;
}

export interface MeasureContext {
  readonly plan: EvaluationPlan;
  /** The classes in which figures are counted: the project's. */
  readonly table: ClassTable;
  /** Each contestant's own, in the order of the plan. */
  readonly modelTables: readonly ClassTable[];
  /** Runs the contestant of that index on the task's image; asked one after the other, the reference first. */
  readonly run: (contestant: number) => Promise<ContestantOutput>;
}

/** What measureImage needs of a task. */
export type MeasuredTask = Pick<EvaluationTask, 'truth' | 'earlier'>;

interface Measured {
  /** In the model's own ids. */
  readonly own: ClassMap;
  /** In the classes of the figures. */
  readonly map: ClassMap;
  /** Of `map`, where a mapping was chosen, else of `own`; null where nothing was run. */
  readonly logits: Logits | null;
  /** Names of the classes that the logits are of, one text. */
  readonly names: string;
  readonly output: ContestantOutput | null;
  readonly earlier: ImageResult | null;
}

/**
 * All figures of one image: the same function for the window's worker and the command line. Contestants without
 * earlier output are run; what an earlier run left is counted against the truth again, which needs no model.
 * Throws ProblemError `mask.size` for a truth of another size than the picture, and what `run` throws.
 */
export async function measureImage(
  task: MeasuredTask,
  context: MeasureContext,
): Promise<MeasuredImage['contestants']> {
  const { plan } = context;
  const reference = referenceIndex(plan);
  const order = plan.contestants.map((_, index) => index);
  if (reference !== null) order.sort((a, b) => Number(b === reference) - Number(a === reference));
  const measured: Measured[] = [];
  for (const index of order) measured[index] = await outputOf(index, task, context);
  return measured.map((entry, index) => {
    const other = reference === null || reference === index ? null : measured[reference]!;
    const result = resultOf(entry, other, { task, context });
    return { result, ids: entry.output ? transferable(entry.own.ids) : null };
  });
}

async function outputOf(index: number, task: MeasuredTask, context: MeasureContext): Promise<Measured> {
  const earlier = task.earlier[index];
  const output = earlier ? null : await context.run(index);
  const own: ClassMap = output
    ? output.classMap
    : { width: earlier!.result.width, height: earlier!.result.height, ids: earlier!.ids };
  const modelTable = context.modelTables[index]!;
  const base = { own, output, earlier: earlier?.result ?? null };
  const mapping = chosenMapping(modelTable, context.table, context.plan.contestants[index]!.map);
  if (mapping) {
    const mapped = output && mapOutput(output, mapping);
    const map = mapped?.classMap ?? { ...own, ids: idsInTable(own.ids, mapping.translation, mapping.table) };
    return { ...base, map, logits: mapped?.logits ?? null, names: namesOf(mapping.table) };
  }
  const match = matchClasses(modelTable, context.table);
  const ids = match.identical ? own.ids : remapIds(own.ids, remapTable([...match.targetOf]));
  return { ...base, map: { ...own, ids }, logits: output?.logits ?? null, names: namesOf(modelTable) };
}

const namesOf = ({ classes }: ClassTable): string => classes.map(({ name }) => name).join('\n');

interface ResultContext {
  readonly task: MeasuredTask;
  readonly context: MeasureContext;
}

function resultOf(entry: Measured, reference: Measured | null, about: ResultContext): ImageResult {
  const { task, context } = about;
  const { table, plan } = context;
  const { map, output, earlier } = entry;
  const { width, height } = map;
  const facts: RunFacts = output?.facts ?? earlier!;
  const truth = task.truth && { width, height, ids: sized(task.truth, map) };
  return {
    version: 1,
    width,
    height,
    ms: facts.ms,
    macs: facts.macs,
    gates: facts.gates,
    truth: truth && {
      confusion: sparseCounts(confusionOf(table, truth.ids, map.ids)),
      boundary: boundaryCounts(truth, map, classesOf(table), plan.settings.boundaryWidth),
    },
    calibration: calibrationOf(entry, truth, table),
    reference: reference && {
      confusion: sparseCounts(confusionOf(table, reference.map.ids, map.ids)),
      divergence: divergenceOf(entry, reference),
    },
    worst: worstRegion(map, reference?.map ?? null, truth, table),
  };
}

function confusionOf(table: ClassTable, rows: ClassIds, columns: ClassIds): ConfusionMatrix {
  const matrix = new ConfusionMatrix(table);
  matrix.add(rows, columns);
  return matrix;
}

const classesOf = ({ classes, ignoreId }: ClassTable) => ({ ids: classes.map(({ id }) => id), ignoreId });

/** The confidences are those of the run: where only the truth changed since, they are gone. */
function calibrationOf(
  entry: Measured,
  truth: ClassMap | null,
  table: ClassTable,
): ImageResult['calibration'] {
  if (!entry.logits || !truth) return null;
  const isMapped = entry.logits !== entry.output?.logits;
  const confidence = confidenceMap(entry.logits, isMapped ? entry.map : entry.own);
  return calibrationCounts(truth.ids, entry.map.ids, confidence, classesOf(table));
}

function divergenceOf(
  entry: Measured,
  reference: Measured,
): NonNullable<ImageResult['reference']>['divergence'] {
  if (!entry.logits || !reference.logits) return entry.earlier?.reference?.divergence ?? null;
  if (entry.names !== reference.names) return null;
  const map = divergenceMap(reference.logits, entry.logits);
  return map && { sum: map.sum, positions: map.values.length };
}

/** The largest region of failure: see imageResultSchema. */
function worstRegion(
  map: ClassMap,
  reference: ClassMap | null,
  truth: ClassMap | null,
  table: ClassTable,
): FailingRegion | null {
  const { width, height } = map;
  const failing = new Uint8Array(width * height);
  const counted = new Uint8Array(65536);
  for (const { id } of table.classes) counted[id] = 1;
  for (let n = 0; n < failing.length; n++) {
    const own = map.ids[n]!;
    const other = reference?.ids[n];
    if (truth) {
      const right = truth.ids[n]!;
      if (counted[right] && own !== right && (other === undefined || other === right)) failing[n] = 1;
    } else if (other !== undefined && other !== own) failing[n] = 1;
  }
  const { components } = connectedComponents(
    { width, height, ids: failing },
    { connectivity: 4, background: 0 },
  );
  let largest: FailingRegion | null = null;
  for (const { area, rect } of components) if (area > (largest?.area ?? 0)) largest = { ...rect, area };
  return largest;
}

function sized(ids: ClassIds, { width, height }: ClassMap): ClassIds {
  if (ids.length === width * height) return ids;
  throw new ProblemError({
    code: 'mask.size',
    title: `its truth has ${ids.length} pixels, the picture ${width} x ${height}`,
    hint: 'A mask has the size of its image, turned upright',
  });
}

/** Ids made by a run lie in memory of their own, never in shared memory; their type does not say so. */
function transferable(ids: ClassIds): NonNullable<MeasuredImage['contestants'][number]['ids']> {
  return ids as NonNullable<MeasuredImage['contestants'][number]['ids']>;
}
