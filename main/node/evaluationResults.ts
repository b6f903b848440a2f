import { resultKey, type EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import { gateDistances } from '#core/evaluation/gateDistances.ts';
import type { ImageResult, PackedGates } from '#core/evaluation/imageResult.ts';
import { cellPixels, hasClass } from '#core/evaluation/resultContents.ts';
import type { ConfusionCell, ResultFilter, ResultSort } from '#core/evaluation/resultQuery.ts';
import type { EvaluationIndex } from './evaluationIndex.ts';
import type { EvaluationTable } from './evaluationTable.ts';
import { nextTurn } from './nextTurn.ts';
import type { Project } from './project.ts';

/** Images whose results are read from the project file between two turns of other work. */
const IMAGES_AT_ONCE = 128;

export interface Selection {
  readonly filter: ResultFilter;
  readonly sort: ResultSort;
}

/** The images of a selection in its order. */
export interface SelectedImages {
  readonly imageIds: readonly number[];
  /** Pixels of each in the confusion cell that is asked for; null where none is. */
  readonly cell: ReadonlyMap<number, number> | null;
}

/** An image that every contestant was measured on. */
interface MeasuredResults {
  readonly imageId: number;
  /** In the order of the plan. */
  readonly results: readonly ImageResult[];
}

/** What runs left in the project file: read, filtered, sorted. */
export class EvaluationResults {
  /** Of each index the changes that its gate distances are of. */
  private readonly distancesOf = new WeakMap<EvaluationIndex, number>();

  constructor(
    private readonly project: Project,
    private readonly table: EvaluationTable,
  ) {}

  /** For each image the results of all contestants, null where one is missing. */
  of(plan: EvaluationPlan, imageIds: readonly number[]): (readonly ImageResult[] | null)[] {
    const keyIds = plan.contestants.map((_, index) => this.table.keyId(resultKey(plan, index)));
    const found = this.table.results(imageIds, keyIds);
    return imageIds.map((imageId) => {
      const results = keyIds.map((keyId) => found.get(imageId)?.get(keyId));
      return results.every((result) => result !== undefined) ? results : null;
    });
  }

  /** Those of the images that all contestants were measured on, in their order; other work goes on between them. */
  async *measured(plan: EvaluationPlan, imageIds: readonly number[]): AsyncGenerator<MeasuredResults> {
    for (let from = 0; from < imageIds.length; from += IMAGES_AT_ONCE) {
      const page = imageIds.slice(from, from + IMAGES_AT_ONCE);
      for (const [at, results] of this.of(plan, page).entries()) {
        if (results) yield { imageId: page[at]!, results };
      }
      await nextTurn();
    }
  }

  /** The images of a run that pass a filter, sorted. */
  async select(
    plan: EvaluationPlan,
    index: EvaluationIndex,
    { filter, sort }: Selection,
  ): Promise<SelectedImages> {
    if (asksForGates(filter, sort)) await this.fillGateDistances(plan, index);
    const states = new Map(this.project.store.reviews().map(({ imageId, state }) => [imageId, state]));
    let imageIds: readonly number[] = index.select(filter.ranges, (imageId) => {
      const withTruth = index.factsOf(imageId)?.truthKey.startsWith('none/') === false;
      if (filter.truth && (filter.truth === 'with') !== withTruth) return false;
      return !filter.review || filter.review.includes(states.get(imageId) ?? 'todo');
    });
    const { classId } = filter;
    if (classId !== undefined) imageIds = await this.withClass(plan, imageIds, classId);
    const about = sort.by === 'cell' ? sort.cell : filter.cell;
    const cell = about ? await this.countCell(plan, imageIds, about) : null;
    if (filter.cell) {
      const inCell = sort.by === 'cell' ? await this.countCell(plan, imageIds, filter.cell) : cell;
      imageIds = imageIds.filter((imageId) => (inCell?.get(imageId) ?? 0) > 0);
    }
    switch (sort.by) {
      case 'name':
        return { imageIds: sort.descending ? [...imageIds].reverse() : imageIds, cell };
      case 'metric':
        return { imageIds: index.sort(imageIds, sort), cell };
      case 'cell':
        return {
          imageIds: [...imageIds].sort((a, b) => (cell?.get(b) ?? 0) - (cell?.get(a) ?? 0)),
          cell,
        };
    }
  }

  /** How unusual gates are depends on all images: it is found when it is asked for, and again after a change. */
  async fillGateDistances(plan: EvaluationPlan, index: EvaluationIndex): Promise<void> {
    const { changes } = index;
    if (this.distancesOf.get(index) === changes) return;
    const imageIds: number[] = [];
    const gates: (PackedGates | null)[][] = plan.contestants.map(() => []);
    const all = index.select([], () => true);
    for await (const { imageId, results } of this.measured(plan, all)) {
      imageIds.push(imageId);
      gates.forEach((list, contestant) => list.push(results[contestant]!.gates));
    }
    gates.forEach((list, contestant) => {
      index.fill(contestant, 'gateDistance', imageIds, gateDistances(list));
    });
    this.distancesOf.set(index, changes);
  }

  private async withClass(
    plan: EvaluationPlan,
    imageIds: readonly number[],
    classId: number,
  ): Promise<number[]> {
    const kept: number[] = [];
    for await (const { imageId, results } of this.measured(plan, imageIds)) {
      if (hasClass(results, this.project.classTable, classId)) kept.push(imageId);
    }
    return kept;
  }

  private async countCell(
    plan: EvaluationPlan,
    imageIds: readonly number[],
    cell: ConfusionCell,
  ): Promise<Map<number, number>> {
    const counts = new Map<number, number>();
    for await (const { imageId, results } of this.measured(plan, imageIds)) {
      counts.set(imageId, cellPixels(results, this.project.classTable, cell));
    }
    return counts;
  }
}

function asksForGates({ ranges }: ResultFilter, sort: ResultSort): boolean {
  if (sort.by === 'metric' && sort.metric === 'gateDistance') return true;
  return ranges?.some(({ metric }) => metric === 'gateDistance') ?? false;
}
