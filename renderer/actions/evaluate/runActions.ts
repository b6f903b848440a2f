import { chosenRun, useEvaluation } from '../../store/useEvaluation.ts';
import { useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';
import type { Action } from '../action.ts';
import type { RunState } from '#core/evaluation/evaluationRun.ts';

const isIn = (...states: readonly RunState[]): boolean => {
  const run = chosenRun();
  return run !== null && states.includes(run.state);
};

export const newRunAction: Action = {
  id: 'evaluate.new',
  label: 'Evaluate this folder: set up a run',
  group: 'Evaluate',
  hotkeys: [],
  enabled: () => useProject.getState().project !== null,
  run() {
    useView.getState().setPlace('evaluate');
    useEvaluation.getState().setUp(true);
  },
};

export const pauseRunAction: Action = {
  id: 'evaluate.pause',
  label: 'Pause the evaluation',
  group: 'Evaluate',
  hotkeys: [],
  enabled: () => isIn('running'),
  run: () => useEvaluation.getState().steer('pause'),
};

export const resumeRunAction: Action = {
  id: 'evaluate.resume',
  label: 'Resume the evaluation, and measure what is new or changed',
  group: 'Evaluate',
  hotkeys: [],
  enabled: () => isIn('ready', 'paused', 'cancelled', 'done'),
  run: () => useEvaluation.getState().steer('start'),
};

export const cancelRunAction: Action = {
  id: 'evaluate.cancel',
  label: 'Cancel the evaluation; what is measured stays',
  group: 'Evaluate',
  hotkeys: [],
  enabled: () => isIn('running', 'paused'),
  run: () => useEvaluation.getState().steer('cancel'),
};

export const removeRunAction: Action = {
  id: 'evaluate.remove',
  label: 'Forget this evaluation and its results',
  group: 'Evaluate',
  hotkeys: [],
  places: ['evaluate'],
  enabled: () => isIn('ready', 'paused', 'cancelled', 'done'),
  run: () => useEvaluation.getState().steer('remove'),
};
