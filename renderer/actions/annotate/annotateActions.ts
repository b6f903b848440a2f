import type { Action } from '../action.ts';
import { chooseClass } from './chooseClass.ts';
import { chooseTool } from './chooseTool.ts';
import { pickClass } from './pickClass.ts';
import {
  chooseIgnore,
  freeClasses,
  hideClass,
  lockClass,
  paintOverClass,
  soloClass,
} from './protectClasses.ts';
import { redo } from './redo.ts';
import { retrySave } from './retrySave.ts';
import { showInsets } from './showInsets.ts';
import { largerBrush, smallerBrush } from './sizeBrush.ts';
import { startMask } from './startMask.ts';
import { cancelTool, closePolygon, takePointBack } from './toolKeys.ts';
import { undo } from './undo.ts';

/** Every action of the annotate place, in the order of the `?` sheet. */
export const annotateActions: readonly Action[] = [
  ...chooseTool,
  pickClass,
  smallerBrush,
  largerBrush,
  cancelTool,
  closePolygon,
  takePointBack,
  undo,
  redo,
  ...startMask,
  ...chooseClass,
  chooseIgnore,
  lockClass,
  paintOverClass,
  freeClasses,
  soloClass,
  hideClass,
  showInsets,
  retrySave,
];
