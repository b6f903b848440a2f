import { imagePoint, type ImagePoint } from '#core/geometry.ts';
import { classId, type ClassId } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import type { MaskPatch } from '#core/mask/patch.ts';
import { createRegion } from '#core/disputes/region.ts';
import { unpackPatch } from '#core/mask/packedPatch.ts';
import { toolSettingsSchema, type ToolSettings } from '#core/ipc/toolSettings.ts';
import { PictureColours } from '#core/mask/pictureColours.ts';
import { Superpixels } from '#core/mask/superpixels.ts';
import { computeReshape, createControl, type ReshapeRequest } from '../../store/reshapeJob.ts';
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
  settings: ToolSettings = toolSettingsSchema.parse({});
  scale = 10;
  overlay: ToolOverlay | null = null;
  teacher: readonly string[] | null = null;
  student: readonly string[] | null = null;
  readonly #maps = new Map<readonly string[], ClassMap>();
  /** Grey levels, a digit for each 25. */
  picture: readonly string[] | null = null;
  /** `+` where the models allow the active class. */
  allowed: readonly string[] | null = null;
  lastTool: Tool | null = null;
  /** What is reshaped off the window's thread: `finish` brings its result. */
  reshaping: { readonly request: ReshapeRequest; readonly finish: () => void } | null = null;

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
      settings: this.settings,
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
      setTolerance: (tolerance) => {
        this.settings = { ...this.settings, tolerance };
      },
      showTolerance: () => undefined,
      colours: () => this.#colours(),
      superpixels: () => {
        const colours = this.#colours();
        return colours && new Superpixels(colours, this.settings.superpixelSize);
      },
      beneath: () => this.#mapOf(this.teacher),
      says: (slot) => this.#mapOf(this[slot]),
      allowed: () => {
        const rows = this.allowed;
        return rows && ((x, y) => rows[y]?.[x] === '+');
      },
      classAt: (x, y) => this.#classAt(x, y),
      setActiveClass: (id) => {
        this.activeClass = id;
      },
      reshape: (request, done) => {
        const { width, height, ids, ignoreId, writableIds: writable } = this.raster;
        const job = { ...request, width, height, ids: ids.slice(), ignoreId, writable };
        const finish = (): void => {
          const { region, patch } = computeReshape({ ...job, control: createControl() });
          this.reshaping = null;
          done({ region: region && createRegion(region), patch: patch && unpackPatch(patch) });
        };
        this.reshaping = { request, finish };
        return () => {
          this.reshaping = null;
        };
      },
      returnToLastTool: () => {
        if (this.lastTool) this.machine.setTool(this.lastTool);
      },
      setOverlay: (overlay) => {
        this.overlay = overlay;
      },
    };
  }

  /** What is set of the tools, and that the tool hears of it. */
  set(settings: Partial<ToolSettings>): this {
    this.settings = { ...this.settings, ...settings };
    this.machine.dispatch({ type: 'settings' });
    return this;
  }

  #colours(): PictureColours | null {
    const rows = this.picture;
    if (!rows) return null;
    return new PictureColours(this.raster.width, this.raster.height, ({ x, y, width, height }) => {
      const data = new Uint8ClampedArray(width * height * 4);
      for (let n = 0; n < width * height; n++) {
        const level = Number(rows[y + Math.floor(n / width)]![x + (n % width)]) * 25;
        data.set([level, level, level, 255], n * 4);
      }
      return data;
    });
  }

  /** The same object for the same rows, as the studio has it. */
  #mapOf(rows: readonly string[] | null): ClassMap | null {
    if (!rows) return null;
    let map = this.#maps.get(rows);
    if (!map) {
      const ids = Uint8Array.from(rows.join(''), (character) =>
        character === '.' ? IGNORE : Number(character),
      );
      map = { width: this.raster.width, height: this.raster.height, ids };
      this.#maps.set(rows, map);
    }
    return map;
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
