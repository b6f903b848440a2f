import { imagePoint, type ImagePoint } from '#core/geometry.ts';
import { classId, type ClassId } from '#core/labels/classTable.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import type { MaskPatch } from '#core/mask/patch.ts';
import type { BrushSettings } from '../brushSettings.ts';
import type { Tool } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { NO_MODIFIERS, type InterruptReason, type ToolModifiers } from '../toolEvent.ts';
import { ToolMachine } from '../toolMachine.ts';
import type { ToolOverlay } from '../toolOverlay.ts';

const IGNORE = classId(9);

/**
 * A tool on a tiny mask, without a window. Grids are one character per pixel: a digit is a class, `.` is ignore.
 * Points are pixel indices and stand for the pixel's middle.
 */
export class ToolBench {
  readonly raster: MaskRaster;
  readonly machine: ToolMachine;
  readonly commits: { label: string; patch: MaskPatch }[] = [];
  activeClass: ClassId = classId(1);
  brush: BrushSettings = { size: 1, shape: 'square' };
  scale = 10;
  overlay: ToolOverlay | null = null;
  teacher: readonly string[] | null = null;
  lastTool: Tool | null = null;

  constructor(tool: Tool, rows: readonly string[]) {
    const text = rows.join('');
    const ids = Uint8Array.from(text, (character) => (character === '.' ? IGNORE : Number(character)));
    this.raster = new MaskRaster({ width: rows[0]!.length, height: rows.length, ids, ignoreId: IGNORE });
    this.machine = new ToolMachine(tool, () => this.#context());
  }

  /** The mask as it is now. */
  get rows(): string[] {
    return Array.from({ length: this.raster.height }, (_, y) => {
      const row = this.raster.ids.subarray(y * this.raster.width, (y + 1) * this.raster.width);
      return Array.from(row, (id) => (id === IGNORE ? '.' : String(id))).join('');
    });
  }

  get labels(): string[] {
    return this.commits.map((commit) => commit.label);
  }

  down(x: number, y: number, modifiers: Partial<ToolModifiers> = {}): this {
    this.machine.dispatch({
      type: 'pointerDown',
      point: at(x, y),
      modifiers: { ...NO_MODIFIERS, ...modifiers },
    });
    return this;
  }

  /** One move event through all of these pixels. */
  move(...path: [[number, number], ...[number, number][]]): this {
    const [first, ...rest] = path;
    const points: [ImagePoint, ...ImagePoint[]] = [at(...first), ...rest.map(([x, y]) => at(x, y))];
    this.machine.dispatch({ type: 'pointerMove', points, modifiers: NO_MODIFIERS });
    return this;
  }

  up(x: number, y: number): this {
    this.machine.dispatch({ type: 'pointerUp', point: at(x, y), modifiers: NO_MODIFIERS });
    return this;
  }

  click(x: number, y: number, modifiers: Partial<ToolModifiers> = {}): this {
    return this.down(x, y, modifiers).up(x, y);
  }

  doubleClick(x: number, y: number): this {
    this.click(x, y).click(x, y);
    this.machine.dispatch({ type: 'doubleClick', point: at(x, y) });
    return this;
  }

  key(key: 'Escape' | 'Enter' | 'Backspace'): this {
    this.machine.dispatch({ type: 'key', key });
    return this;
  }

  interrupt(reason: InterruptReason): this {
    this.machine.dispatch({ type: 'interrupt', reason });
    return this;
  }

  #context(): ToolContext {
    return {
      raster: this.raster,
      activeClass: this.activeClass,
      ignoreId: IGNORE,
      brush: this.brush,
      scale: this.scale,
      className: (id) => `class ${id}`,
      commit: (label) => {
        const patch = this.raster.endStep();
        if (patch) this.commits.push({ label, patch });
      },
      cancel: () => {
        this.raster.cancelStep();
      },
      setBrushSize: (size) => {
        this.brush = { ...this.brush, size };
      },
      classAt: (x, y) => this.#classAt(x, y),
      setActiveClass: (id) => {
        this.activeClass = id;
      },
      returnToLastTool: () => {
        if (this.lastTool) this.machine.setTool(this.lastTool);
      },
      setOverlay: (overlay) => {
        this.overlay = overlay;
      },
    };
  }

  #classAt(x: number, y: number): ClassId | null {
    if (x < 0 || y < 0 || x >= this.raster.width || y >= this.raster.height) return null;
    const own = this.raster.ids[y * this.raster.width + x]!;
    if (own !== IGNORE) return classId(own);
    const character = this.teacher?.[y]?.[x];
    return character === undefined || character === '.' ? null : classId(Number(character));
  }
}

function at(x: number, y: number): ImagePoint {
  return imagePoint(x + 0.5, y + 0.5);
}
