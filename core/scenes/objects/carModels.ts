import type { Colour } from '../colour.ts';
import { rgb } from '../colour.ts';

/** One kind of vehicle, seen from its right side: `a` runs from the rear (negative) to the front, y is up. */
export interface CarModel {
  readonly kind: 'car' | 'van' | 'bus';
  readonly share: number;
  readonly length: number;
  readonly width: number;
  readonly roofHeight: number;
  readonly beltHeight: number;
  /** How far the roof's edge stands inside the belt line's. */
  readonly lean: number;
  readonly rearAxle: number;
  readonly frontAxle: number;
  readonly wheel: number;
  readonly lightHeight: number;
  /** From the rear bumper's foot over the roof to the front bumper's; the third entry says what the plate up to this corner is. */
  readonly contour: readonly (readonly [a: number, y: number, plate?: 'glass'])[];
  readonly windows: readonly (readonly (readonly [a: number, y: number])[])[];
  readonly lowerWindows?: readonly (readonly (readonly [a: number, y: number])[])[];
  readonly doors: readonly number[];
  readonly stripe?: Colour;
  readonly paints?: readonly Colour[];
}

const hatchback: CarModel = {
  kind: 'car',
  share: 34,
  length: 3.9,
  width: 1.68,
  roofHeight: 1.47,
  beltHeight: 0.92,
  lean: 0.2,
  rearAxle: -1.28,
  frontAxle: 1.22,
  wheel: 0.3,
  lightHeight: 0.66,
  contour: [
    [-1.9, 0.2],
    [-1.95, 0.5],
    [-1.92, 0.92],
    [-1.55, 1.38, 'glass'],
    [-1.25, 1.45],
    [-0.2, 1.47],
    [0.15, 1.43],
    [0.98, 0.95, 'glass'],
    [1.02, 0.92],
    [1.75, 0.76],
    [1.93, 0.6],
    [1.95, 0.4],
    [1.9, 0.2],
  ],
  windows: [
    [
      [-1.5, 0.97],
      [-0.5, 0.97],
      [-0.5, 1.38],
      [-1.3, 1.36],
    ],
    [
      [-0.42, 0.97],
      [0.75, 0.97],
      [0.1, 1.38],
      [-0.42, 1.38],
    ],
  ],
  doors: [-0.46, 0.62],
};

const saloon: CarModel = {
  ...hatchback,
  share: 20,
  length: 4.5,
  width: 1.74,
  roofHeight: 1.42,
  beltHeight: 0.92,
  rearAxle: -1.35,
  frontAxle: 1.38,
  contour: [
    [-2.2, 0.22],
    [-2.25, 0.5],
    [-2.22, 0.9],
    [-1.55, 0.97],
    [-0.95, 1.36, 'glass'],
    [-0.6, 1.42],
    [0.05, 1.41],
    [0.4, 1.36],
    [1.12, 0.96, 'glass'],
    [1.18, 0.92],
    [2.0, 0.76],
    [2.22, 0.6],
    [2.25, 0.4],
    [2.18, 0.2],
  ],
  windows: [
    [
      [-1.35, 1.0],
      [-0.42, 1.0],
      [-0.42, 1.36],
      [-0.9, 1.33],
    ],
    [
      [-0.34, 1.0],
      [0.9, 1.0],
      [0.3, 1.34],
      [-0.34, 1.36],
    ],
  ],
  doors: [-0.38, 0.72, -1.2],
};

const estate: CarModel = {
  ...saloon,
  share: 14,
  roofHeight: 1.5,
  contour: [
    [-2.2, 0.22],
    [-2.25, 0.5],
    [-2.22, 0.95],
    [-1.95, 1.42, 'glass'],
    [-1.7, 1.49],
    [-0.1, 1.5],
    [0.25, 1.45],
    [1.08, 0.97, 'glass'],
    [1.15, 0.92],
    [2.0, 0.78],
    [2.22, 0.62],
    [2.25, 0.4],
    [2.18, 0.2],
  ],
  windows: [
    [
      [-1.95, 1.0],
      [-1.2, 1.0],
      [-1.2, 1.4],
      [-1.75, 1.38],
    ],
    [
      [-1.12, 1.0],
      [-0.34, 1.0],
      [-0.34, 1.41],
      [-1.12, 1.41],
    ],
    [
      [-0.26, 1.0],
      [0.88, 1.0],
      [0.2, 1.4],
      [-0.26, 1.41],
    ],
  ],
};

const offRoader: CarModel = {
  ...estate,
  share: 9,
  length: 4.4,
  width: 1.82,
  roofHeight: 1.78,
  beltHeight: 1.1,
  lean: 0.16,
  wheel: 0.37,
  lightHeight: 0.78,
  contour: [
    [-2.15, 0.32],
    [-2.2, 0.6],
    [-2.18, 1.1],
    [-1.98, 1.7, 'glass'],
    [-1.8, 1.77],
    [0.0, 1.78],
    [0.3, 1.72],
    [0.9, 1.15, 'glass'],
    [0.95, 1.1],
    [2.0, 1.0],
    [2.16, 0.85],
    [2.2, 0.5],
    [2.1, 0.3],
  ],
  windows: [
    [
      [-1.95, 1.16],
      [-1.15, 1.16],
      [-1.15, 1.66],
      [-1.82, 1.64],
    ],
    [
      [-1.07, 1.16],
      [-0.3, 1.16],
      [-0.3, 1.67],
      [-1.07, 1.67],
    ],
    [
      [-0.22, 1.16],
      [0.76, 1.16],
      [0.24, 1.66],
      [-0.22, 1.67],
    ],
  ],
};

const van: CarModel = {
  kind: 'van',
  share: 12,
  length: 5.2,
  width: 1.95,
  roofHeight: 2.35,
  beltHeight: 1.25,
  lean: 0.1,
  rearAxle: -1.6,
  frontAxle: 1.75,
  wheel: 0.34,
  lightHeight: 0.85,
  contour: [
    [-2.58, 0.28],
    [-2.6, 0.6],
    [-2.6, 1.25],
    [-2.57, 1.85, 'glass'],
    [-2.5, 2.3],
    [-2.3, 2.35],
    [0.9, 2.35],
    [1.2, 2.22],
    [1.82, 1.28, 'glass'],
    [1.88, 1.25],
    [2.45, 1.0],
    [2.58, 0.8],
    [2.6, 0.5],
    [2.5, 0.26],
  ],
  windows: [
    [
      [0.5, 1.3],
      [1.6, 1.3],
      [1.15, 1.98],
      [0.5, 1.98],
    ],
  ],
  doors: [0.42, 1.5, -0.8],
  paints: [
    rgb(214, 214, 211),
    rgb(208, 208, 206),
    rgb(190, 192, 194),
    rgb(40, 62, 120),
    rgb(150, 30, 30),
    rgb(60, 60, 64),
  ],
};

const boxWindows = (
  from: number,
  to: number,
  count: number,
  low: number,
  high: number,
): (readonly (readonly [number, number])[])[] => {
  const step = (to - from) / count;
  return Array.from({ length: count }, (_, i) => {
    const a = from + i * step;
    return [
      [a + 0.05, low],
      [a + step - 0.05, low],
      [a + step - 0.05, high],
      [a + 0.05, high],
    ] as const;
  });
};

const singleDecker: CarModel = {
  kind: 'bus',
  share: 5,
  length: 10.5,
  width: 2.5,
  roofHeight: 3,
  beltHeight: 1.3,
  lean: 0.08,
  rearAxle: -2.9,
  frontAxle: 2.9,
  wheel: 0.48,
  lightHeight: 0.75,
  contour: [
    [-5.2, 0.3],
    [-5.25, 0.6],
    [-5.25, 1.3],
    [-5.25, 1.6],
    [-5.2, 2.5, 'glass'],
    [-5.1, 2.9],
    [-4.9, 3],
    [4.9, 3],
    [5.1, 2.85],
    [5.2, 2.6],
    [5.25, 1.3, 'glass'],
    [5.25, 0.6],
    [5.2, 0.28],
  ],
  windows: boxWindows(-5, 5, 7, 1.45, 2.5),
  doors: [4],
  stripe: rgb(40, 96, 160),
  paints: [rgb(230, 230, 226), rgb(60, 110, 180), rgb(34, 96, 60), rgb(190, 60, 30)],
};

const doubleDecker: CarModel = {
  ...singleDecker,
  share: 5,
  length: 10,
  roofHeight: 4.3,
  beltHeight: 2.4,
  rearAxle: -2.6,
  frontAxle: 2.9,
  contour: [
    [-4.95, 0.3],
    [-5, 0.6],
    [-5, 2.4],
    [-5, 2.75],
    [-4.95, 3.7, 'glass'],
    [-4.9, 4.2],
    [-4.7, 4.3],
    [4.7, 4.3],
    [4.85, 4.15],
    [4.9, 3.9],
    [4.98, 2.8, 'glass'],
    [5, 2.4],
    [5, 1.2, 'glass'],
    [5, 0.6],
    [4.95, 0.28],
  ],
  windows: boxWindows(-4.8, 4.8, 7, 2.8, 3.75),
  lowerWindows: boxWindows(-3.2, 4.2, 5, 1.25, 2.15),
  stripe: undefined,
  paints: [rgb(168, 24, 26), rgb(150, 20, 24), rgb(40, 100, 70)],
};

export const CAR_MODELS: readonly CarModel[] = [
  hatchback,
  saloon,
  estate,
  offRoader,
  van,
  singleDecker,
  doubleDecker,
];
