import type { Action } from './action.ts';
import { actualSizeAction } from './actualSizeAction.ts';
import { addModelAction } from './addModelAction.ts';
import { annotateActions } from './annotate/annotateActions.ts';
import { chooseTruthAction } from './chooseTruthAction.ts';
import { compareFolderAction } from './compareFolderAction.ts';
import {
  leaveInspectedAction,
  nextRegionAction,
  nextResultAction,
  previousRegionAction,
  previousResultAction,
  whichLayerAction,
} from './evaluate/inspectActions.ts';
import { compareReportAction, reportAction } from './evaluate/reportActions.ts';
import {
  cancelRunAction,
  newRunAction,
  pauseRunAction,
  removeRunAction,
  resumeRunAction,
} from './evaluate/runActions.ts';
import { disputeActions } from './disputes/disputeActions.ts';
import { differenceAction } from './differenceAction.ts';
import { exportAction } from './exportAction.ts';
import { importAction } from './importAction.ts';
import { fainterAction } from './fainterAction.ts';
import { filterAction } from './filterAction.ts';
import { firstImageAction } from './firstImageAction.ts';
import { fitAction } from './fitAction.ts';
import { clearForcesAction, rankLayersAction } from './gateActions.ts';
import { heatAction } from './heatAction.ts';
import { hotkeysAction } from './hotkeysAction.ts';
import { lastImageAction } from './lastImageAction.ts';
import { nextImageAction } from './nextImageAction.ts';
import { openFolderAction } from './openFolderAction.ts';
import { paletteAction } from './paletteAction.ts';
import { panDownAction } from './panDownAction.ts';
import { panLeftAction } from './panLeftAction.ts';
import { panRightAction } from './panRightAction.ts';
import { panUpAction } from './panUpAction.ts';
import { peekAction } from './peekAction.ts';
import { previousImageAction } from './previousImageAction.ts';
import { doneAndNextAction, nextToDoAction, previousToDoAction } from './review/goToDo.ts';
import { reviewStateActions } from './review/setReview.ts';
import { classesAction, hotkeySettingsAction, settingsAction } from './settingsActions.ts';
import { hubAction } from './hubAction.ts';
import { pruneAction } from './pruneAction.ts';
import { showAllClassesAction } from './showAllClassesAction.ts';
import { showAnnotateAction } from './showAnnotateAction.ts';
import { showCompareAction } from './showCompareAction.ts';
import { showEvaluateAction } from './showEvaluateAction.ts';
import { showGatesAction } from './showGatesAction.ts';
import { showImageAction } from './showImageAction.ts';
import { showMaskAction } from './showMaskAction.ts';
import { showModelsAction } from './showModelsAction.ts';
import { showOutlineAction } from './showOutlineAction.ts';
import { showOverlayAction } from './showOverlayAction.ts';
import { sideBySideAction } from './sideBySideAction.ts';
import { strongerAction } from './strongerAction.ts';
import { swipeAction } from './swipeAction.ts';
import { swipeLeftAction } from './swipeLeftAction.ts';
import { swipeRightAction } from './swipeRightAction.ts';
import { themeAction } from './themeAction.ts';
import { toggleInspectorAction } from './toggleInspectorAction.ts';
import { toggleLibraryAction } from './toggleLibraryAction.ts';
import { zoomInAction } from './zoomInAction.ts';
import { zoomOutAction } from './zoomOutAction.ts';

/** Every command of the studio, in the order in which the palette and the `?` sheet show them. */
export const actions: readonly Action[] = [
  openFolderAction,
  chooseTruthAction,
  exportAction,
  importAction,
  classesAction,
  filterAction,
  nextImageAction,
  previousImageAction,
  firstImageAction,
  lastImageAction,
  showCompareAction,
  showAnnotateAction,
  showEvaluateAction,
  showGatesAction,
  showModelsAction,
  fitAction,
  actualSizeAction,
  zoomInAction,
  zoomOutAction,
  panLeftAction,
  panRightAction,
  panUpAction,
  panDownAction,
  peekAction,
  showImageAction,
  showMaskAction,
  showOverlayAction,
  showOutlineAction,
  fainterAction,
  strongerAction,
  showAllClassesAction,
  toggleLibraryAction,
  toggleInspectorAction,
  themeAction,
  settingsAction,
  sideBySideAction,
  swipeAction,
  differenceAction,
  heatAction,
  swipeLeftAction,
  swipeRightAction,
  compareFolderAction,
  newRunAction,
  pauseRunAction,
  resumeRunAction,
  cancelRunAction,
  removeRunAction,
  reportAction,
  compareReportAction,
  nextRegionAction,
  previousRegionAction,
  nextResultAction,
  previousResultAction,
  leaveInspectedAction,
  whichLayerAction,
  rankLayersAction,
  clearForcesAction,
  ...disputeActions,
  ...annotateActions,
  ...reviewStateActions,
  doneAndNextAction,
  nextToDoAction,
  previousToDoAction,
  addModelAction,
  hubAction,
  pruneAction,
  paletteAction,
  hotkeysAction,
  hotkeySettingsAction,
];

const byId = new Map(actions.map((action) => [action.id, action]));

export const findAction = (id: string): Action | undefined => byId.get(id);
