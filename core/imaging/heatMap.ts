import type { ClassTable } from '../labels/classTable.ts';
import { classId } from '../labels/classTable.ts';
import type { Rgb } from '../labels/rgb.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { sampleAxis } from './axisSampling.ts';

/** Numbers of at least 0 over a picture, at fewer positions than it has pixels or as many. */
export interface HeatField {
  readonly width: number;
  readonly height: number;
  /** float32 [height, width]; NaN counts as 0. */
  readonly values: Float32Array;
}

export interface HeatMap {
  /** Levels 0 to 255 at the picture's size: the root of a pixel's share of the largest number. */
  readonly levels: ClassMap;
  /** Of the field's positions. */
  readonly largest: number;
  readonly mean: number;
}

const TOP = 255;

/**
 * A field as a picture: interpolated bilinearly between its positions, as upsampled logits are. The root, because most
 * positions are far below the largest one.
 */
export function heatMap(
  field: HeatField,
  { width, height }: { readonly width: number; readonly height: number },
): HeatMap {
  const { values } = field;
  let largest = 0;
  let sum = 0;
  for (const value of values) {
    if (!(value > 0)) continue;
    largest = Math.max(largest, value);
    sum += value;
  }
  const ids = new Uint8Array(width * height);
  const columns = sampleAxis(field.width, width);
  const rows = sampleAxis(field.height, height);
  const at = (position: number): number => values[position]! || 0;
  for (let y = 0, pixel = 0; largest > 0 && y < height; y++) {
    const top = rows.low[y]! * field.width;
    const below = rows.low[y]! + 1 < field.height ? field.width : 0;
    const wy = rows.weight[y]!;
    for (let x = 0; x < width; x++, pixel++) {
      const left = top + columns.low[x]!;
      const right = columns.low[x]! + 1 < field.width ? 1 : 0;
      const wx = columns.weight[x]!;
      const above = (1 - wx) * at(left) + wx * at(left + right);
      const under = (1 - wx) * at(left + below) + wx * at(left + below + right);
      const share = ((1 - wy) * above + wy * under) / largest;
      ids[pixel] = Math.round(TOP * Math.sqrt(Math.min(1, Math.max(0, share))));
    }
  }
  const levels = { width, height, ids };
  return { levels, largest, mean: values.length === 0 ? 0 : sum / values.length };
}

/** From little to much, by eye and in grey alike; after matplotlib's inferno (van der Walt and Smith, CC0). */
const RAMP: readonly Rgb[] = [
  [22, 11, 57],
  [87, 16, 110],
  [155, 41, 100],
  [213, 72, 66],
  [248, 132, 15],
  [252, 197, 48],
  [252, 255, 164],
];

/** `share`: 0 to 1. */
export function heatColour(share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(place));
  const [from, to] = [RAMP[low]!, RAMP[low + 1]!];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (place - low));
  return [mix(0), mix(1), mix(2)];
}

/** The levels of a heat map as classes, so that a stage draws them like any class map. */
export const HEAT_TABLE: ClassTable = {
  classes: Array.from({ length: TOP + 1 }, (_, level) => ({
    id: classId(level),
    name: `level ${level}`,
    colour: heatColour(level / TOP),
  })),
  ignoreId: classId(65535),
};
