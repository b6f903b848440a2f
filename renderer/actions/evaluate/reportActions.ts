import { call } from '../../store/studio.ts';
import { useComparison } from '../../store/useComparison.ts';
import { useDialog } from '../../store/useDialog.ts';
import { chosenRun } from '../../store/useEvaluation.ts';
import { useProject } from '../../store/useProject.ts';
import { sentFilter } from '../../store/useRunView.ts';
import { useToasts } from '../../store/useToasts.ts';
import type { Action } from '../action.ts';

const hasResults = (): boolean => (chosenRun()?.progress.done ?? 0) > 0;

/** The chosen run and its filter, as a call names them; null: none is chosen. */
function chosenResults() {
  const run = chosenRun();
  const { project } = useProject.getState();
  return run && project && { projectId: project.id, runId: run.id, filter: sentFilter() };
}

function tellWritten(title: string, path: string): void {
  useToasts.getState().show({
    kind: 'info',
    title,
    detail: path,
    action: { label: 'Show it', run: () => void call('shell.showInFolder', { path }) },
  });
}

export const reportAction: Action = {
  id: 'evaluate.report',
  label: 'Write the report of the evaluation (HTML and JSON)',
  group: 'Evaluate',
  hotkeys: [],
  enabled: hasResults,
  async run() {
    const request = chosenResults();
    const written = request && (await call('evaluation.report', request));
    if (written) tellWritten('The report is written', written.html);
  },
};

export const compareReportAction: Action = {
  id: 'evaluate.compareReport',
  label: 'Compare the evaluation with an earlier report (report.json)',
  group: 'Evaluate',
  hotkeys: [],
  enabled: hasResults,
  async run() {
    const request = chosenResults();
    const comparison = request && (await call('evaluation.compareReport', request));
    if (!comparison) return;
    useComparison.setState({ comparison });
    useDialog.getState().show('comparison');
  },
};

export const saveComparisonAction: Action = {
  id: 'evaluate.saveComparison',
  label: 'Write the comparison of two reports as a page',
  group: 'Evaluate',
  hotkeys: [],
  enabled: () => useComparison.getState().comparison !== null,
  async run() {
    const { comparison } = useComparison.getState();
    const written = comparison && (await call('evaluation.saveComparison', { comparison }));
    if (written) tellWritten('The comparison is written', written.html);
  },
};
