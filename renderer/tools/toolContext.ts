import type { ClassId } from '#core/labels/classTable.ts';
import type { ToolSettings } from '#core/ipc/toolSettings.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { MaskRaster } from '#core/mask/maskRaster.ts';
import type { PictureColours } from '#core/mask/pictureColours.ts';
import type { Superpixels } from '#core/mask/superpixels.ts';
import type { ReshapeRequest } from '../store/reshapeJob.ts';
import type { Reshaped } from '../store/reshapeMask.ts';
import type { BrushSettings } from './brushSettings.ts';
import type { ToolOverlay } from './toolOverlay.ts';

/** Everything that a tool may touch. The annotate place makes one from the store, tests make one by hand. */
export interface ToolContext {
  readonly raster: MaskRaster;
  readonly activeClass: ClassId;
  readonly ignoreId: ClassId;
  readonly brush: BrushSettings;
  readonly settings: ToolSettings;
  /** Screen pixels per image pixel, above 0. */
  readonly scale: number;
  /** `Road`, for the labels of steps. */
  className(id: ClassId): string;
  /** Ends the open step of the raster and sends it to the project, if it changed a pixel. */
  commit(label: string): void;
  /** Takes back every pixel of the open step. */
  cancel(): void;
  setBrushSize(size: number): void;
  setTolerance(tolerance: number): void;
  /** The tolerance that is being tried, beside the picture. */
  showTolerance(tolerance: number): void;
  /** The picture's colours; null before it is decoded. */
  colours(): PictureColours | null;
  /** Of the size that is set; null before the picture is decoded. */
  superpixels(): Superpixels | null;
  /** What the model says, in the project's classes, of the mask's size; null before one has looked. */
  beneath(): ClassMap | null;
  /** The same of the teacher or the student alone. */
  says(slot: ToolSettings['stampFrom']): ClassMap | null;
  /** Where a class is among the best of teacher or student; null where neither knows it. For pixels of the picture. */
  allowed(id: ClassId): ((x: number, y: number) => boolean) | null;
  /** The class under a point: of the mask, or of the teacher where the mask is empty; null where neither knows. */
  classAt(x: number, y: number): ClassId | null;
  setActiveClass(id: ClassId): void;
  /**
   * Reshapes a copy of a large mask off the window's thread, with the way shown; `done` hears what would change, in the
   * open step. Call what it answers to stop it.
   */
  reshape(request: ReshapeRequest, done: (result: Reshaped) => void): () => void;
  /** Goes back to the tool that was in the hand before this one. */
  returnToLastTool(): void;
  setOverlay(overlay: ToolOverlay | null): void;
}
