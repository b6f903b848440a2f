import { useGateLab } from '../../store/useGateLab.ts';
import { useInspected } from '../../store/useInspected.ts';
import { useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';
import type { Action } from '../action.ts';
import { stepRegion, stepResult } from './openResult.ts';

/** An image of the list of Evaluate is looked at in Compare. */
const isInspecting = (): boolean => {
  const { inspected } = useInspected.getState();
  return inspected !== null && inspected.imageId === useProject.getState().imageId;
};

const hasRegions = (): boolean =>
  isInspecting() && (useInspected.getState().inspected?.regions.length ?? 0) > 0;

export const nextRegionAction: Action = {
  id: 'evaluate.nextRegion',
  label: 'Next region of this image behind the figure',
  group: 'Evaluate',
  hotkeys: ['KeyJ'],
  places: ['compare'],
  enabled: hasRegions,
  run: () => stepRegion(1),
};

export const previousRegionAction: Action = {
  id: 'evaluate.previousRegion',
  label: 'Previous region of this image behind the figure',
  group: 'Evaluate',
  hotkeys: ['KeyK'],
  places: ['compare'],
  enabled: hasRegions,
  run: () => stepRegion(-1),
};

export const nextResultAction: Action = {
  id: 'evaluate.nextImage',
  label: 'Next image of the list in Evaluate',
  group: 'Evaluate',
  hotkeys: ['Shift+KeyJ'],
  places: ['compare'],
  enabled: isInspecting,
  run: () => stepResult(1),
};

export const previousResultAction: Action = {
  id: 'evaluate.previousImage',
  label: 'Previous image of the list in Evaluate',
  group: 'Evaluate',
  hotkeys: ['Shift+KeyK'],
  places: ['compare'],
  enabled: isInspecting,
  run: () => stepResult(-1),
};

export const whichLayerAction: Action = {
  id: 'evaluate.layer',
  label: 'Which layer did it? Try every layer of the student on this image, in Gates',
  group: 'Evaluate',
  hotkeys: ['KeyR'],
  places: ['compare'],
  enabled: isInspecting,
  run: () => {
    useView.getState().setPlace('gates');
    void useGateLab.getState().rank();
  },
};

export const leaveInspectedAction: Action = {
  id: 'evaluate.back',
  label: 'Back to the list in Evaluate',
  group: 'Evaluate',
  hotkeys: ['Backspace'],
  places: ['compare'],
  enabled: isInspecting,
  run: () => useView.getState().setPlace('evaluate'),
};
