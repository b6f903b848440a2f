import type { PixelRect } from '../geometry.ts';
import type { ClassId } from '../labels/classTable.ts';
import { ProblemError } from '../problem.ts';
import { createClassIds, type ClassIds } from './classMap.ts';
import {
  applyPatch,
  assertSameSize,
  patchRect,
  TILE,
  tileRect,
  type MaskPatch,
  type PatchDirection,
  type PatchTile,
} from './patch.ts';
import { copyTile, pasteTile, tileEquals } from './tile.ts';

export interface MaskRasterOptions {
  readonly width: number;
  readonly height: number;
  /** Length width * height, used as it is, not copied. Default: all `ignoreId`. */
  readonly ids?: ClassIds;
  readonly ignoreId: ClassId;
  /** The largest class id that will be painted; above 255 the mask has two bytes per pixel. */
  readonly maxId?: number;
}

/**
 * A mask that is being edited: one class id per pixel. Pixels change only within a step (one stroke, one
 * undo step): beginStep, any number of writes, endStep for the patch or cancelStep to restore exactly.
 * A tile's former content is copied when the step first touches it, so a step costs what it touches and not
 * the picture.
 */
export class MaskRaster {
  readonly width: number;
  readonly height: number;
  /** Row-major. To be read; writing is for setSpan, setPixel and apply. */
  readonly ids: ClassIds;
  readonly ignoreId: ClassId;
  private readonly tileColumns: number;
  private readonly largestId: number;
  /** 1 for each tile that `remembered` holds. */
  private readonly touched: Uint8Array;
  private remembered: { index: number; before: ClassIds }[] = [];
  private open = false;
  /** 1 for each class id whose pixels may be overwritten, length 65536; null where all may. */
  private writable: Uint8Array | null = null;
  /** Written since the step began: what cancelStep has to redraw, whatever was taken in between. */
  private readonly stepDirty = new DirtyRect();
  /** Written since takeDirty. */
  private readonly dirty = new DirtyRect();

  constructor({ width, height, ids, ignoreId, maxId = 0 }: MaskRasterOptions) {
    if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
      throw new ProblemError({ code: 'mask.size', title: `a mask cannot have ${width} x ${height} pixels` });
    }
    if (ids && ids.length !== width * height) {
      throw new ProblemError({
        code: 'mask.size',
        title: `${ids.length} class ids do not fill a ${width} x ${height} mask`,
      });
    }
    this.width = width;
    this.height = height;
    this.ignoreId = ignoreId;
    const largest = Math.max(maxId, ignoreId);
    if (!ids) this.ids = createClassIds(width * height, largest, ignoreId);
    else this.ids = largest > 255 && ids instanceof Uint8Array ? Uint16Array.from(ids) : ids;
    this.largestId = this.ids instanceof Uint16Array ? 65535 : 255;
    this.tileColumns = Math.ceil(width / TILE);
    this.touched = new Uint8Array(this.tileColumns * Math.ceil(height / TILE));
  }

  /** Whether a step is open. */
  get inStep(): boolean {
    return this.open;
  }

  /**
   * Writes `id` to the pixels x0 <= x < x1 of row y, whole numbers, clipped to the mask; those of locked
   * classes stay.
   * Throws `mask.noStep` outside a step, `mask.value` for an id that the mask cannot hold.
   */
  setSpan(y: number, x0: number, x1: number, id: ClassId): void {
    if (!this.open) throw noStep();
    if (!(Number.isInteger(id) && id >= 0 && id <= this.largestId)) {
      throw new ProblemError({
        code: 'mask.value',
        title: `class id ${id} does not fit a mask of ids from 0 to ${this.largestId}`,
      });
    }
    const start = Math.max(0, x0);
    const end = Math.min(this.width, x1);
    if (y < 0 || y >= this.height || start >= end) return;
    const { writable, ids } = this;
    if (!writable) {
      this.write(y, start, end, id);
      return;
    }
    const line = y * this.width;
    for (let x = start; x < end;) {
      if (writable[ids[line + x]!] === 0) {
        x++;
        continue;
      }
      const from = x++;
      while (x < end && writable[ids[line + x]!] === 1) x++;
      this.write(y, from, x, id);
    }
  }

  /** Pixels that have the class already are left out at both ends: what has to be redrawn is what changed. */
  private write(y: number, x0: number, x1: number, id: ClassId): void {
    const { ids } = this;
    const line = y * this.width;
    let start = x0;
    let end = x1;
    while (start < end && ids[line + start] === id) start++;
    if (start === end) return;
    while (ids[line + end - 1] === id) end--;
    const tileRow = Math.floor(y / TILE) * this.tileColumns;
    const lastTile = tileRow + Math.floor((end - 1) / TILE);
    for (let tile = tileRow + Math.floor(start / TILE); tile <= lastTile; tile++) {
      if (this.touched[tile] === 0) this.remember(tile);
    }
    ids.fill(id, line + start, line + end);
    this.stepDirty.add(start, y, end, y + 1);
    this.dirty.add(start, y, end, y + 1);
  }

  /**
   * Pixels of which classes may be overwritten from now on: 1 in a table of length 65536 by class id, null for
   * all. Everything that writes by setSpan obeys; undo, redo and a new start of the mask do not ask.
   */
  setWritable(writable: Uint8Array | null): void {
    this.writable = writable;
  }

  /** What setWritable was given last. */
  get writableIds(): Uint8Array | null {
    return this.writable;
  }

  /**
   * Within a step, writes what a patch's pixels are after it: for a change that was made on a copy of this mask as it
   * is now, locks included. Throws `mask.noStep`, and `patch.size` for a patch of another mask.
   */
  paste(patch: MaskPatch): void {
    if (!this.open) throw noStep();
    assertSameSize(patch, this.width, this.height);
    for (const { x, y } of patch.tiles) {
      const index = (y / TILE) * this.tileColumns + x / TILE;
      if (this.touched[index] === 0) this.remember(index);
    }
    applyPatch(this.ids, this.width, patch, 'redo');
    if (patch.tiles.length === 0) return;
    const { x, y, width, height } = patchRect(patch);
    this.stepDirty.add(x, y, x + width, y + height);
    this.dirty.add(x, y, x + width, y + height);
  }

  /** Whether pixels of a class may be overwritten. */
  isWritable(id: number): boolean {
    return this.writable === null || this.writable[id] === 1;
  }

  /** `setSpan` of one pixel. */
  setPixel(x: number, y: number, id: ClassId): void {
    this.setSpan(y, x, x + 1, id);
  }

  /** Opens a step. Throws `mask.stepOpen` where one is open. */
  beginStep(): void {
    if (this.open) throw stepOpen();
    this.open = true;
  }

  /** Closes the step: its patch, or null when no pixel is other than before it. Undone by apply(patch, 'undo'). */
  endStep(): MaskPatch | null {
    if (!this.open) throw noStep();
    const tiles: PatchTile[] = [];
    for (const { index, before } of this.remembered.sort((a, b) => a.index - b.index)) {
      const rect = tileRect(index, this.width, this.height);
      if (tileEquals(this.ids, this.width, rect, before)) continue;
      tiles.push({ ...rect, before, after: copyTile(this.ids, this.width, rect) });
    }
    this.closeStep();
    if (tiles.length === 0) return null;
    return { width: this.width, height: this.height, bytesPerId: this.largestId > 255 ? 2 : 1, tiles };
  }

  /** Closes the step and restores every pixel it changed; the rectangle to redraw, null where it wrote nothing. */
  cancelStep(): PixelRect | null {
    if (!this.open) throw noStep();
    for (const { index, before } of this.remembered) {
      pasteTile(this.ids, this.width, tileRect(index, this.width, this.height), before);
    }
    const rect = this.stepDirty.take();
    this.closeStep();
    if (rect) this.dirty.add(rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
    return rect;
  }

  /** The rectangle of everything written since the last call, null for nothing; forgets it. */
  takeDirty(): PixelRect | null {
    return this.dirty.take();
  }

  /**
   * Undoes or redoes a step; the rectangle to redraw, null for a patch without tiles.
   * Throws `patch.size` for a patch of another mask, `mask.stepOpen` within a step.
   */
  apply(patch: MaskPatch, direction: PatchDirection): PixelRect | null {
    if (this.open) throw stepOpen();
    applyPatch(this.ids, this.width, patch, direction);
    if (patch.tiles.length === 0) return null;
    const rect = patchRect(patch);
    this.dirty.add(rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
    return rect;
  }

  private remember(index: number): void {
    const before = copyTile(this.ids, this.width, tileRect(index, this.width, this.height));
    this.remembered.push({ index, before });
    this.touched[index] = 1;
  }

  private closeStep(): void {
    for (const { index } of this.remembered) this.touched[index] = 0;
    this.remembered = [];
    this.stepDirty.take();
    this.open = false;
  }
}

/** Grows in place: one object per span would be garbage at every pointer event. */
class DirtyRect {
  private x0 = Infinity;
  private y0 = Infinity;
  private x1 = -Infinity;
  private y1 = -Infinity;

  add(x0: number, y0: number, x1: number, y1: number): void {
    this.x0 = Math.min(this.x0, x0);
    this.y0 = Math.min(this.y0, y0);
    this.x1 = Math.max(this.x1, x1);
    this.y1 = Math.max(this.y1, y1);
  }

  take(): PixelRect | null {
    const { x0, y0, x1, y1 } = this;
    this.x0 = this.y0 = Infinity;
    this.x1 = this.y1 = -Infinity;
    return x1 > x0 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : null;
  }
}

function noStep(): ProblemError {
  return new ProblemError({ code: 'mask.noStep', title: 'a mask can be changed only within a step' });
}

function stepOpen(): ProblemError {
  return new ProblemError({
    code: 'mask.stepOpen',
    title: 'the mask is in the middle of a step',
    hint: 'End or cancel it first',
  });
}
