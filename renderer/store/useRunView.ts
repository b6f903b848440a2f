import { create } from 'zustand';
import type { EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { referenceIndex } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { METRIC_FACTS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import type { ConfusionCell, ResultFilter, ResultSort } from '#core/evaluation/resultQuery.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { call } from './studio.ts';
import { chosenRun, useEvaluation } from './useEvaluation.ts';
import { useProject } from './useProject.ts';
import { useView } from './useView.ts';

interface RunViewState {
  /** Index of the contestant that the class table, the matrix and the list are about. */
  readonly focus: number;
  readonly filter: ResultFilter;
  readonly sort: ResultSort;
  /** Of the chosen run and filter; those before them while they are added up. */
  readonly figures: EvaluationFigures | null;
  readonly isLoading: boolean;
  readonly problem: Problem | null;
  /** Changes when there may be other results: lists are to be asked for again. */
  readonly version: number;
  readonly setFocus: (focus: number) => void;
  /** Changes some of the filter; undefined takes a part out of it. */
  readonly changeFilter: (part: Partial<ResultFilter>) => void;
  readonly clearFilter: () => void;
  readonly sortBy: (metric: ImageMetric, descending?: boolean) => void;
  /** The images that have pixels in a cell, most first; null: all images again. */
  readonly showCell: (cell: ConfusionCell | null) => void;
}

const FIRST_SORT: ImageMetric = 'miouDrop';

/** What the list is sorted by first, once there are results; null while there are none. */
export function firstMetric(figures: EvaluationFigures, focus: number): ImageMetric | null {
  const own = figures.contestants[focus];
  if (!own || own.images === 0) return null;
  // Without truth there is no drop in anything.
  return own.withTruth > 0 ? FIRST_SORT : 'disputed';
}

const metricSort = (contestant: number, metric: ImageMetric, descending?: boolean): ResultSort => ({
  by: 'metric',
  contestant,
  metric,
  descending: descending ?? METRIC_FACTS[metric].worst === 'highest',
});

/** The same order by figures of another contestant. */
function sortOf(contestant: number, sort: ResultSort): ResultSort {
  if (sort.by === 'metric') return { ...sort, contestant };
  return sort.by === 'cell' ? { by: 'cell', cell: { ...sort.cell, contestant } } : sort;
}

export const useRunView = create<RunViewState>()((set, get) => ({
  focus: 0,
  filter: {},
  sort: metricSort(0, FIRST_SORT),
  figures: null,
  isLoading: false,
  problem: null,
  version: 0,
  setFocus(focus) {
    const { sort, filter } = get();
    const { cell } = filter;
    set({
      focus,
      sort: sortOf(focus, sort),
      // Brushes are over figures of one contestant: of another they say something else.
      filter: { ...filter, ranges: undefined, cell: cell && { ...cell, contestant: focus } },
    });
  },
  changeFilter: (part) => set({ filter: { ...get().filter, ...part } }),
  clearFilter: () =>
    set({ filter: {}, sort: get().sort.by === 'cell' ? metricSort(get().focus, FIRST_SORT) : get().sort }),
  sortBy(metric, descending) {
    set({ sort: metricSort(get().focus, metric, descending) });
  },
  showCell(cell) {
    set({
      filter: { ...get().filter, cell: cell ?? undefined },
      sort: cell ? { by: 'cell', cell } : metricSort(get().focus, FIRST_SORT),
    });
  },
}));

type Filtered = Pick<RunViewState, 'filter'>;

/** The filter as it is sent: without the parts that are not set. */
export function sentFilter({ filter }: Filtered = useRunView.getState()): ResultFilter {
  const set = Object.entries<unknown>(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set);
}

/** Whether some of the images may be left out. */
export const isFiltered = (state: Filtered): boolean => Object.keys(sentFilter(state)).length > 0;

/** The contestant that is looked at first: the first student, else the first of all. */
function firstFocus({ plan }: EvaluationRun): number {
  const reference = referenceIndex(plan);
  const student = plan.contestants.findIndex((_, index) => index !== reference);
  return Math.max(0, reference === null ? 0 : student);
}

/** Figures are added up again at most this often while results come in, */
const REFRESH_MS = 1500;
/** and after so many times the time that it took: those of a large folder take seconds. */
const REST = 4;
/** A brush that is being dragged is not worth adding up for. */
const SETTLE_MS = 120;

/** Keeps the figures in step with the chosen run, its filter and its results, while Evaluate is looked at. */
export function watchRunView(): void {
  let shown = '';
  let timer: { readonly id: ReturnType<typeof setTimeout>; readonly due: number } | null = null;
  let listTimer: ReturnType<typeof setTimeout> | null = null;
  let asked = 0;
  /** When results that come in are worth adding up again. */
  let restUntil = 0;
  /** The list has the order that every run begins with. */
  let isFresh = false;
  /** How often results came in while figures were on their way. */
  let missed = 0;

  const load = async (): Promise<void> => {
    timer = null;
    const { project } = useProject.getState();
    const run = chosenRun();
    if (!project || !run) return;
    const turn = ++asked;
    const begun = performance.now();
    const missedBefore = missed;
    useRunView.setState({ isLoading: true });
    try {
      const request = { projectId: project.id, runId: run.id, filter: sentFilter() };
      const figures = await call('evaluation.figures', request);
      if (turn === asked) {
        useRunView.setState({ figures, problem: null });
        settleOrder(figures);
      }
    } catch (error) {
      const problem = toProblem(error, { code: 'evaluation.figures', subject: run.name });
      if (turn === asked) useRunView.setState({ figures: null, problem });
    } finally {
      if (turn === asked) {
        useRunView.setState({ isLoading: false });
        const took = performance.now() - begun;
        restUntil = begun + Math.max(REFRESH_MS, took * (REST + 1));
        if (missed > missedBefore) soon(restUntil - performance.now());
      }
    }
  };
  const settleOrder = (figures: EvaluationFigures): void => {
    const { focus, sort, sortBy } = useRunView.getState();
    const metric = firstMetric(figures, focus);
    if (!isFresh || metric === null) return;
    isFresh = false;
    if (sort.by === 'metric' && sort.metric === FIRST_SORT && metric !== FIRST_SORT) sortBy(metric);
  };
  /** What is asked for earlier than what waits takes its place. */
  const soon = (delay: number): void => {
    const due = performance.now() + delay;
    if (timer && timer.due <= due) return;
    if (timer) clearTimeout(timer.id);
    timer = { id: setTimeout(() => void load(), delay), due };
  };

  const follow = (): void => {
    if (useView.getState().place !== 'evaluate') return;
    const run = chosenRun();
    const key = `${String(useProject.getState().project?.id)} ${String(run?.id)}`;
    if (key === shown) return;
    shown = key;
    isFresh = true;
    asked++;
    const none = { figures: null, problem: null, filter: {}, isLoading: false };
    if (!run) {
      useRunView.setState(none);
      return;
    }
    // Before its filter asks for figures: nothing has to settle.
    soon(0);
    const focus = firstFocus(run);
    const version = useRunView.getState().version + 1;
    useRunView.setState({ ...none, focus, sort: metricSort(focus, FIRST_SORT), version });
  };
  const resultsChanged = (): void => {
    if (useView.getState().place !== 'evaluate') return;
    const isRunning = chosenRun()?.state === 'running';
    if (isRunning && useRunView.getState().isLoading) missed++;
    else soon(isRunning ? Math.max(0, restUntil - performance.now()) : 0);
    listTimer ??= setTimeout(
      () => {
        listTimer = null;
        useRunView.setState({ version: useRunView.getState().version + 1 });
      },
      isRunning ? REFRESH_MS : 0,
    );
  };

  useEvaluation.subscribe((state, before) => {
    follow();
    const run = chosenRun(state);
    const old = chosenRun(before);
    if (run && old?.id === run.id && (run.progress.done !== old.progress.done || run.state !== old.state)) {
      resultsChanged();
    }
  });
  useView.subscribe(({ place }, before) => {
    if (place !== 'evaluate' || before.place === 'evaluate') return;
    follow();
    // Masks may have been corrected meanwhile.
    resultsChanged();
  });
  useRunView.subscribe((state, before) => {
    if (state.filter !== before.filter && shown !== '') soon(SETTLE_MS);
  });
}
