import { classId } from '#core/labels/classTable.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import type { PlantedPicture } from '../../e2e/planted/plantedFolder.ts';
import { bestStroke, paint, type Stroke } from './scriptedBrush.ts';

/** What correcting costs somebody. */
export interface Cost {
  /** Strokes of any length, and keys for a class: pans, zooms and brush sizes for nothing. */
  readonly ideal: number;
  /** Every stroke, key, change of the brush size, zoom in and zoom out. */
  readonly inputs: number;
  /** By the keystroke-level model (Card, Moran and Newell, 1980). */
  readonly seconds: number;
}

export const NO_COST: Cost = { ideal: 0, inputs: 0, seconds: 0 };

export const addCost = (a: Cost, b: Cost): Cost => ({
  ideal: a.ideal + b.ideal,
  inputs: a.inputs + b.inputs,
  seconds: a.seconds + b.seconds,
});

/** Seconds of the keystroke-level model: a key, pointing at something, a button down or up, deciding what to do. */
const [KEY, POINT, BUTTON, DECIDE] = [0.2, 1.1, 0.1, 1.35];

/** A verdict: deciding, and a key. */
export const VERDICT_COST: Cost = { ideal: 1, inputs: 1, seconds: DECIDE + KEY };
/** Going on to the next picture. */
export const NEXT_COST: Cost = { ideal: 1, inputs: 1, seconds: KEY };

/** CSS pixels: a brush that is smaller on screen is not steered, one zooms in. */
const LEAST_STEERED = 12;
/** Screen pixels within which one zoom serves the next stroke, too. */
const SAME_VIEW = 100;
/** A brush size that differs by less is good enough. */
const SIZE_TOLERANCE = 0.25;

/** Somebody with a brush who knows the truth: what they would paint next, and what it costs them. */
export class BrushUser {
  readonly mask: MaskRaster;
  private colour: number | null = null;
  private size: number | null = null;
  private zoomedAt: Stroke['from'] | null = null;

  constructor(
    private readonly picture: PlantedPicture,
    /** CSS pixels per image pixel when the whole picture is seen. */
    private readonly scale: number,
  ) {
    const { width, height, ids } = picture.teacher;
    this.mask = new MaskRaster({ width, height, ids: ids.slice(), ignoreId: classId(255) });
  }

  next(): { readonly stroke: Stroke; readonly cost: Cost } | null {
    const stroke = bestStroke(this.mask, this.picture.truth);
    return stroke && { stroke, cost: this.costOf(stroke) };
  }

  take(stroke: Stroke): void {
    this.mask.beginStep();
    paint(this.mask, stroke);
    this.mask.endStep();
    this.colour = stroke.id;
    if (this.needsSize(stroke)) this.size = stroke.size;
    this.zoomedAt = this.isSmall(stroke) ? stroke.from : null;
  }

  private costOf(stroke: Stroke): Cost {
    const isDab = stroke.from.x === stroke.to.x && stroke.from.y === stroke.to.y;
    let ideal = 1;
    let inputs = 1;
    let seconds = DECIDE + POINT + 2 * BUTTON + (isDab ? 0 : POINT);
    if (stroke.id !== this.colour) {
      ideal++;
      inputs++;
      seconds += KEY;
    }
    if (this.needsSize(stroke)) {
      // Alt held, and dragged to the new size.
      inputs++;
      seconds += KEY + 2 * BUTTON + POINT;
    }
    if (this.isSmall(stroke) && !this.isInView(stroke)) {
      // The wheel over the error, and F when it is done.
      inputs += 2;
      seconds += POINT + 2 * KEY;
    }
    return { ideal, inputs, seconds };
  }

  private needsSize({ size }: Stroke): boolean {
    return this.size === null || Math.abs(size - this.size) > this.size * SIZE_TOLERANCE;
  }

  private isSmall({ size }: Stroke): boolean {
    return size * this.scale < LEAST_STEERED;
  }

  private isInView({ from }: Stroke): boolean {
    if (!this.zoomedAt) return false;
    return Math.hypot(from.x - this.zoomedAt.x, from.y - this.zoomedAt.y) * this.scale < SAME_VIEW;
  }
}
