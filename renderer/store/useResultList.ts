import { create } from 'zustand';
import type { ResultRow } from '#core/evaluation/resultQuery.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { oncePerTurn } from '../inference/oncePerTurn.ts';
import { call } from './studio.ts';
import { chosenRun, useEvaluation } from './useEvaluation.ts';
import { useInspected } from './useInspected.ts';
import { useProject } from './useProject.ts';
import { sentFilter, useRunView } from './useRunView.ts';
import { useView } from './useView.ts';

interface ResultListState {
  /** Images that pass the filter; null until it is known. */
  readonly total: number | null;
  /** Rows by their place in the list: those that were asked for. */
  readonly rows: ReadonlyMap<number, ResultRow>;
  readonly problem: Problem | null;
  /** Asks for the rows of these places that are not there yet. */
  readonly need: (from: number, to: number) => void;
  /** The row of a place, asked for where it is not there; null beyond the end. */
  readonly fetchRow: (index: number) => Promise<ResultRow | null>;
}

const PAGE = 100;

/** What the rows are of: they are dropped with it. */
let epoch = 0;
const pending = new Map<number, Promise<void>>();
/** The page whose arrival empties the list first; null: rows are added to those that are there. */
let firstPage: number | null = null;
/** The places that are in sight: they are asked for first when there may be other results. */
let inSight = { from: 0, to: 0 };

export const useResultList = create<ResultListState>()((set, get) => {
  const load = (page: number): Promise<void> => {
    const known = pending.get(page);
    if (known) return known;
    const { project } = useProject.getState();
    const run = chosenRun();
    if (!project || !run) return Promise.resolve();
    const begun = epoch;
    const { sort } = useRunView.getState();
    const request = { projectId: project.id, runId: run.id, filter: sentFilter(), sort };
    const loading = call('evaluation.results', { ...request, offset: page * PAGE, limit: PAGE }).then(
      ({ total, offset, rows }) => {
        if (begun !== epoch) return;
        // The first page of another list takes the place of the rows that are still shown.
        const merged = new Map(page === firstPage ? [] : get().rows);
        firstPage = null;
        rows.forEach((row, index) => merged.set(offset + index, row));
        set({ total, rows: merged, problem: null });
      },
      (error: unknown) => {
        if (begun !== epoch) return;
        set({ problem: toProblem(error, { code: 'evaluation.results', subject: run.name }) });
      },
    );
    pending.set(page, loading);
    return loading;
  };
  return {
    total: null,
    rows: new Map(),
    problem: null,
    need(from, to) {
      inSight = { from, to };
      for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page++) void load(page);
    },
    async fetchRow(index) {
      const { rows, total } = get();
      if (index < 0 || (total !== null && index >= total)) return null;
      if (!rows.has(index)) await load(Math.floor(index / PAGE));
      return get().rows.get(index) ?? null;
    },
  };
});

/** Keeps the list in step with the chosen run, its filter, order and results. */
export function watchResultList(): void {
  let runShown: number | null = null;
  const renew = oncePerTurn(() => {
    if (useView.getState().place !== 'evaluate') return;
    epoch++;
    pending.clear();
    const runId = chosenRun()?.id ?? null;
    if (runId !== runShown) useResultList.setState({ total: null, rows: new Map(), problem: null });
    runShown = runId;
    if (runId === null) return;
    firstPage = Math.floor(inSight.from / PAGE);
    useResultList.getState().need(inSight.from, inSight.to);
  });
  useRunView.subscribe((state, before) => {
    const isOtherList = state.filter !== before.filter || state.sort !== before.sort;
    if (isOtherList) {
      // What is looked at has no place in another list.
      useInspected.getState().leave();
      inSight = { from: 0, to: 0 };
    }
    if (isOtherList || state.version !== before.version) renew();
  });
  useEvaluation.subscribe((state, before) => {
    if (state.runId !== before.runId) renew();
  });
}
