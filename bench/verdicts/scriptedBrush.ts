import { imagePoint, type ImagePoint } from '#core/geometry.ts';
import { classId, type ClassId } from '#core/labels/classTable.ts';
import { paintStroke } from '#core/mask/brush.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { connectedComponents, type Component, type Components } from '#core/mask/components.ts';
import type { MaskRaster } from '#core/mask/maskRaster.ts';

/** One press, drag along a straight line, release. */
export interface Stroke {
  readonly id: ClassId;
  readonly from: ImagePoint;
  readonly to: ImagePoint;
  /** Diameter in image pixels. */
  readonly size: number;
}

const NOTHING_WRONG = 65535;
/** Of the largest errors, how many are looked at for the best next stroke. */
const CANDIDATES = 6;
const SIZES = [0.6, 0.85, 1.1, 1.4];

/**
 * The next stroke of somebody who knows the truth and never misses: through one of the largest errors, along its
 * longer axis or as a dab in its middle, with the brush size that sets most pixels right net of those that it
 * spoils. null where no stroke is a gain.
 */
export function bestStroke(mask: MaskRaster, truth: ClassMap): Stroke | null {
  const errors = new Uint16Array(truth.ids.length);
  for (let n = 0; n < errors.length; n++) {
    errors[n] = mask.ids[n] === truth.ids[n] ? NOTHING_WRONG : truth.ids[n]!;
  }
  const { width, height } = truth;
  const found = connectedComponents(
    { width, height, ids: errors },
    { connectivity: 8, background: NOTHING_WRONG },
  );
  const largest = [...found.components].sort((a, b) => b.area - a.area).slice(0, CANDIDATES);
  let best: Stroke | null = null;
  let most = 0;
  for (const component of largest) {
    for (const stroke of strokesThrough(component, found)) {
      const gain = gainOf(mask, truth, stroke);
      if (gain > most) {
        most = gain;
        best = stroke;
      }
    }
  }
  return best;
}

export function paint(mask: MaskRaster, { id, from, to, size }: Stroke): void {
  paintStroke(mask, from, from, { radius: size / 2, shape: 'round', id });
  paintStroke(mask, from, to, { radius: size / 2, shape: 'round', id });
}

function strokesThrough(component: Component, { width, labels }: Components): Stroke[] {
  const { rect, area, id } = component;
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      if (labels[y * width + x] !== id) continue;
      xs.push(x + 0.5);
      ys.push(y + 0.5);
    }
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [cx, cy] = [mean(xs), mean(ys)];
  const xx = mean(xs.map((x) => (x - cx) ** 2));
  const yy = mean(ys.map((y) => (y - cy) ** 2));
  const xy = mean(xs.map((x, n) => (x - cx) * (ys[n]! - cy)));
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const along = xs
    .map((x, n) => (x - cx) * Math.cos(angle) + (ys[n]! - cy) * Math.sin(angle))
    .sort((a, b) => a - b);
  const [first, last] = [along[0]!, along.at(-1)!];
  const thickness = Math.max(1, area / (last - first + 1));
  const at = (distance: number): ImagePoint =>
    imagePoint(cx + Math.cos(angle) * distance, cy + Math.sin(angle) * distance);
  const strokes: Stroke[] = [];
  for (const factor of SIZES) {
    const size = Math.max(1, Math.round(thickness * factor));
    const inset = Math.min(size / 2, (last - first) / 2);
    const colour = classId(component.classId);
    strokes.push({ id: colour, from: at(first + inset), to: at(last - inset), size });
    const dab = Math.max(1, Math.round(Math.sqrt((area * 4) / Math.PI) * factor));
    strokes.push({ id: colour, from: at(0), to: at(0), size: dab });
  }
  return strokes;
}

/** Pixels set right less pixels spoilt. */
function gainOf(mask: MaskRaster, truth: ClassMap, stroke: Stroke): number {
  const before = mask.ids.slice();
  mask.beginStep();
  paint(mask, stroke);
  const rect = mask.takeDirty();
  let gain = 0;
  if (rect) {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let n = y * truth.width + rect.x, end = n + rect.width; n < end; n++) {
        if (mask.ids[n] === before[n]) continue;
        if (mask.ids[n] === truth.ids[n]) gain++;
        else if (before[n] === truth.ids[n]) gain--;
      }
    }
  }
  mask.cancelStep();
  mask.takeDirty();
  return gain;
}
