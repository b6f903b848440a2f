import type { Rgb } from './rgb.ts';

/** Lightness 0 to 1, then green to red and blue to yellow, about -0.4 to 0.4. */
export type Oklab = readonly [lightness: number, a: number, b: number];

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

const times = (matrix: Matrix, [x, y, z]: Vector): Vector => [
  matrix[0][0] * x + matrix[0][1] * y + matrix[0][2] * z,
  matrix[1][0] * x + matrix[1][1] * y + matrix[1][2] * z,
  matrix[2][0] * x + matrix[2][1] * y + matrix[2][2] * z,
];

/** sRGB to linear light (IEC 61966-2-1). */
const linear = (value: number): number => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

/** Ottosson 2020, "A perceptual color space for image processing". */
const TO_CONES: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

/** Linear RGB as eyes without red, green or blue cones see it: Machado, Oliveira and Fernandes 2009, severity 1. */
const VISIONS: readonly Matrix[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
];

/** A colour as full colour vision, protanopia, deuteranopia and tritanopia see it, in that order. */
export function oklabByVision(colour: Rgb): readonly Oklab[] {
  const light: Vector = [linear(colour[0]), linear(colour[1]), linear(colour[2])];
  return VISIONS.map((vision) => {
    const cones = times(TO_CONES, times(vision, light));
    return times(TO_LAB, [Math.cbrt(cones[0]), Math.cbrt(cones[1]), Math.cbrt(cones[2])]);
  });
}

/** How far apart two colours are for the eyes that tell them apart least. */
export function worstDistance(a: readonly Oklab[], b: readonly Oklab[]): number {
  let least = Infinity;
  a.forEach((one, vision) => {
    const other = b[vision]!;
    least = Math.min(least, Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]));
  });
  return least;
}
