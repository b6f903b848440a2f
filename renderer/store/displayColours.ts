import type { ClassTable } from '#core/labels/classTable.ts';
import { displayTable } from '#core/labels/displayTable.ts';
import { useModels } from './useModels.ts';
import { useProject } from './useProject.ts';
import { useResults, type ModelRun, type RunState } from './useResults.ts';
import { useSettings } from './useSettings.ts';

/** The table that the main process gave, by the one that is shown in its place. */
const trueTables = new WeakMap<ClassTable, ClassTable>();

/** A table of the stores with its own colours, whatever is shown: what is stored and exported. */
export function trueTable(table: ClassTable): ClassTable {
  return trueTables.get(table) ?? table;
}

/**
 * Keeps the colours of every class table in the stores those that are to be shown: a class is one colour everywhere,
 * the project's, or the colour-blind safe one where that is chosen. Whoever draws takes the table as it finds it.
 */
export function watchColours(): void {
  let shownBy: { project: ClassTable; palette: string; tables: WeakMap<ClassTable, ClassTable> } | null =
    null;

  const shown = (table: ClassTable, project: ClassTable): ClassTable => {
    const { palette } = useSettings.getState().settings;
    if (shownBy?.project !== project || shownBy.palette !== palette) {
      shownBy = { project, palette, tables: new WeakMap() };
    }
    const original = trueTable(table);
    const known = shownBy.tables.get(original);
    if (known) return known;
    const display = displayTable(original, { project, palette });
    shownBy.tables.set(original, display);
    if (display !== original) trueTables.set(display, original);
    return display;
  };

  const follow = (): void => {
    const { project } = useProject.getState();
    if (!project) return;
    const original = trueTable(project.classTable);
    const classTable = shown(original, original);
    if (classTable !== project.classTable) useProject.setState({ project: { ...project, classTable } });
    followModels(original);
    followRuns(original);
  };

  const followModels = (project: ClassTable): void => {
    const { models } = useModels.getState();
    const next = models.map((model) => {
      const classTable = shown(model.classTable, project);
      return classTable === model.classTable ? model : { ...model, classTable };
    });
    if (next.some((model, index) => model !== models[index])) useModels.setState({ models: next });
  };

  const followRuns = (project: ClassTable): void => {
    const { runs } = useResults.getState();
    const recolour = (run: ModelRun): ModelRun => {
      const table = shown(run.table, project);
      return table === run.table ? run : { ...run, table };
    };
    const next = new Map([...runs].map(([key, state]) => [key, recolourState(state, recolour)]));
    if ([...next].some(([key, state]) => state !== runs.get(key))) useResults.setState({ runs: next });
  };

  useProject.subscribe(({ project }, before) => {
    if (project?.classTable !== before.project?.classTable) follow();
  });
  useModels.subscribe(({ models }, before) => {
    if (models !== before.models) follow();
  });
  useResults.subscribe(({ runs }, before) => {
    if (runs !== before.runs) follow();
  });
  useSettings.subscribe(({ settings }, before) => {
    if (settings.palette !== before.settings.palette) follow();
  });
}

/** The same state where the colours of its run stay. */
function recolourState(state: RunState, recolour: (run: ModelRun) => ModelRun): RunState {
  switch (state.status) {
    case 'done': {
      const run = recolour(state.run);
      return run === state.run ? state : { ...state, run };
    }
    case 'waiting':
    case 'running': {
      const before = state.before && recolour(state.before);
      return before === state.before ? state : { ...state, before };
    }
    case 'failed':
      return state;
  }
}
