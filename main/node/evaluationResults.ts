import { resultKey, type EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { ImageResult } from '#core/evaluation/imageResult.ts';
import type { ResultFilter, ResultSort } from '#core/evaluation/resultQuery.ts';
import type { ReviewState } from '#core/review/review.ts';
import { EvaluationColumns } from './evaluationColumns.ts';
import { EvaluationGates } from './evaluationGates.ts';
import type { EvaluationIndex, Rows } from './evaluationIndex.ts';
import type { EvaluationTable, ResultParts } from './evaluationTable.ts';
import { keepNewest } from './keepNewest.ts';
import { nextTurn } from './nextTurn.ts';
import type { Project } from './project.ts';
import { sortedRows } from './sortedRows.ts';

/** Images whose results are read from the project file between two turns of other work: about 10 ms. */
const IMAGES_AT_ONCE = 128;
/** Selections that are kept until a result changes: the pages of one list, and its figures. */
const KEPT_SELECTIONS = 4;

export interface Selection {
  readonly filter: ResultFilter;
  readonly sort: ResultSort;
}

/** The images of a selection in its order. */
export interface SelectedImages {
  readonly imageIds: readonly number[];
  readonly rows: Rows;
  /** Pixels of each row of the index in the confusion cell that is asked for; null where none is. */
  readonly cell: Float64Array | null;
}

/** An image that every contestant was measured on. */
interface MeasuredResults {
  readonly imageId: number;
  /** In the order of the plan. */
  readonly results: readonly ImageResult[];
}

/** What a run left in the project file: read, filtered, sorted. */
export class EvaluationResults {
  readonly columns: EvaluationColumns;
  readonly gates: EvaluationGates;
  private readonly keyIds: readonly number[];
  private readonly selections = new Map<string, SelectedImages>();

  constructor(
    private readonly project: Project,
    private readonly table: EvaluationTable,
    plan: EvaluationPlan,
    private readonly index: EvaluationIndex,
  ) {
    this.keyIds = plan.contestants.map((_, contestant) => table.keyId(resultKey(plan, contestant)));
    this.columns = new EvaluationColumns(table, plan, index);
    this.gates = new EvaluationGates({ table, plan, index }, !project.store.readOnly);
  }

  /** For each image the results of all contestants, null where one is missing. */
  of(imageIds: readonly number[], parts?: ResultParts): (readonly ImageResult[] | null)[] {
    const found = this.table.results(imageIds, this.keyIds, parts);
    return imageIds.map((imageId) => {
      const results = this.keyIds.map((keyId) => found.get(imageId)?.get(keyId));
      return results.every((result) => result !== undefined) ? results : null;
    });
  }

  /** Those of the images that all contestants were measured on, in their order; other work goes on between them. */
  async *measured(imageIds: readonly number[], parts?: ResultParts): AsyncGenerator<MeasuredResults> {
    for (let from = 0; from < imageIds.length; from += IMAGES_AT_ONCE) {
      const page = imageIds.slice(from, from + IMAGES_AT_ONCE);
      for (const [at, results] of this.of(page, parts).entries()) {
        if (results) yield { imageId: page[at]!, results };
      }
      await nextTurn();
    }
  }

  /** The images that pass a filter, sorted. */
  async select(selection: Selection): Promise<SelectedImages> {
    const { filter, sort } = selection;
    if (asksForGates(filter, sort)) await this.gates.fill();
    const key = JSON.stringify([selection, this.index.changes, this.gates.version]);
    const known = this.selections.get(key);
    if (known) return known;
    const found = await this.find(selection);
    // Review states change beside the results.
    if (filter.review) return found;
    this.selections.set(key, found);
    keepNewest(this.selections, KEPT_SELECTIONS);
    return found;
  }

  private async find({ filter, sort }: Selection): Promise<SelectedImages> {
    const { classTable } = this.project;
    const { classId, review } = filter;
    const hasClass = classId === undefined ? null : await this.columns.hasClass(classId, classTable);
    const behind = filter.cell ? await this.columns.cell(filter.cell, classTable) : null;
    const sorting = sort.by === 'cell' ? await this.columns.cell(sort.cell, classTable) : null;
    const reviewed = review && this.inStates(new Set(review));
    const rows = this.index
      .select(filter)
      .filter(
        (row) =>
          (!hasClass || hasClass(row)) && (!behind || behind[row]! > 0) && (!reviewed || reviewed(row)),
      );
    const sorted = this.sorted(rows, sort, sorting);
    return { imageIds: this.index.images(sorted), rows: sorted, cell: sorting ?? behind };
  }

  private sorted(rows: Rows, sort: ResultSort, cell: Float64Array | null): Rows {
    switch (sort.by) {
      case 'name':
        return sort.descending ? rows.slice().reverse() : rows;
      case 'metric':
        return this.index.sort(rows, sort);
      case 'cell':
        return cell ? sortedRows(rows, cell, { descending: true }) : rows;
    }
  }

  /** Whether the image of a row is in one of the review states. */
  private inStates(wanted: ReadonlySet<ReviewState>): (row: number) => boolean {
    const state = new Map(
      this.project.store.reviews().map((review) => [this.index.row(review.imageId), review.state]),
    );
    return (row) => wanted.has(state.get(row) ?? 'todo');
  }
}

/** Whether how unusual gates are decides which images a selection has, or their order. */
export function asksForGates({ ranges }: ResultFilter, sort: ResultSort): boolean {
  if (sort.by === 'metric' && sort.metric === 'gateDistance') return true;
  return ranges?.some(({ metric }) => metric === 'gateDistance') ?? false;
}
