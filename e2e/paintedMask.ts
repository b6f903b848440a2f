import type { Page } from '@playwright/test';
import type { ImagePoint } from '#core/geometry.ts';
import { classId } from '#core/labels/classTable.ts';
import { paintStroke, type BrushShape } from '#core/mask/brush.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { floodFill } from '#core/mask/floodFill.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import type { MaskPatch } from '#core/mask/patch.ts';
import { fillPolygon } from '#core/mask/polygon.ts';
import { stageGeometry, type PagePoint, type StageGeometry } from './studio.ts';

const IGNORE = classId(255);
type At = readonly [x: number, y: number];

export interface PaintOptions {
  readonly size: number;
  readonly shape: BrushShape;
  /** null: with the eraser. */
  readonly id: number | null;
}

/**
 * A mask that is painted twice: by mouse and keyboard in the studio, and by core/mask in this process. What the
 * second says is what the studio has to store and to export.
 */
export class PaintedMask {
  readonly raster: MaskRaster;
  readonly #page: Page;
  readonly #done: MaskPatch[] = [];
  readonly #undone: MaskPatch[] = [];

  constructor(page: Page, start: ClassMap) {
    const { width, height, ids } = start;
    this.raster = new MaskRaster({ width, height, ids: ids.slice(), ignoreId: IGNORE });
    this.#page = page;
  }

  /** The same mask in another window. */
  static goOn(page: Page, before: PaintedMask): PaintedMask {
    return new PaintedMask(page, before.raster);
  }

  /** Steps since the start of the mask, as the history counts them. */
  get steps(): number {
    return this.#done.length;
  }

  /** One stroke through points of the picture. */
  async stroke(path: readonly [At, ...At[]], options: PaintOptions): Promise<void> {
    await this.#takeBrush(options);
    const points = await this.#drag(path);
    await this.#page.mouse.up();
    const { size, shape, id } = options;
    this.#step(() => {
      points.forEach((point, index) => {
        const brush = { radius: size / 2, shape, id: id === null ? IGNORE : classId(id) };
        paintStroke(this.raster, points[Math.max(0, index - 1)]!, point, brush);
      });
    });
  }

  /** A stroke whose button stays down: it is on the screen and nowhere else. */
  async beginStroke(path: readonly [At, ...At[]], options: PaintOptions): Promise<void> {
    await this.#takeBrush(options);
    await this.#drag(path);
  }

  /** Clicks, then Enter. */
  async polygon(corners: readonly At[], id: number): Promise<void> {
    const points = await this.openPolygon(corners, id);
    await this.#page.keyboard.press('Enter');
    this.#step(() => fillPolygon(this.raster, points, classId(id)));
  }

  /** Clicks without an end. */
  async openPolygon(corners: readonly At[], id: number): Promise<ImagePoint[]> {
    await this.#page.keyboard.press('p');
    await this.#chooseClass(id);
    const geometry = await this.#geometry();
    const points: ImagePoint[] = [];
    for (const corner of corners) points.push(await this.#click(geometry, corner));
    return points;
  }

  async fill(at: At, id: number): Promise<void> {
    await this.#page.keyboard.press('g');
    await this.#chooseClass(id);
    const point = await this.#click(await this.#geometry(), at);
    this.#step(() => floodFill(this.raster, point.x, point.y, classId(id), { connectivity: 4 }));
  }

  async undo(): Promise<void> {
    await this.#page.keyboard.press('Control+z');
    const patch = this.#done.pop()!;
    this.raster.apply(patch, 'undo');
    this.#undone.push(patch);
  }

  async redo(): Promise<void> {
    await this.#page.keyboard.press('Control+Shift+z');
    const patch = this.#undone.pop()!;
    this.raster.apply(patch, 'redo');
    this.#done.push(patch);
  }

  #step(paint: () => void): void {
    this.raster.beginStep();
    paint();
    const patch = this.raster.endStep();
    if (!patch) throw new Error('a gesture of this test changes no pixel');
    this.#done.push(patch);
    this.#undone.length = 0;
  }

  async #takeBrush({ size, shape, id }: PaintOptions): Promise<void> {
    await this.#page.keyboard.press(id === null ? 'e' : 'b');
    if (id !== null) await this.#chooseClass(id);
    const field = this.#page.getByTestId('brush-size');
    await field.fill(String(size));
    await field.press('Enter');
    await this.#page.getByTestId(`shape-${shape}`).click();
  }

  /** The keys 1 to 9, 0 and - are the first eleven classes. */
  #chooseClass(id: number): Promise<void> {
    return this.#page.keyboard.press('1234567890-'[id]!);
  }

  #geometry(): Promise<StageGeometry> {
    return stageGeometry(this.#page, 'stage-mask');
  }

  async #drag(path: readonly [At, ...At[]]): Promise<ImagePoint[]> {
    const geometry = await this.#geometry();
    const points: ImagePoint[] = [];
    for (const [x, y] of path) {
      const at = geometry.toPage(x, y);
      await this.#page.mouse.move(at.x, at.y);
      if (points.length === 0) await this.#page.mouse.down();
      points.push(geometry.toImage(at));
    }
    return points;
  }

  async #click(geometry: StageGeometry, [x, y]: At): Promise<ImagePoint> {
    const at: PagePoint = geometry.toPage(x, y);
    await this.#page.mouse.click(at.x, at.y);
    return geometry.toImage(at);
  }
}
