import { SIGN_SYMBOL } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb } from '../colour.ts';
import { mottled, plain } from '../materials.ts';
import type { Random } from '../random.ts';
import { ellipse, rectangle } from '../shapes.ts';
import type { Frame, Shader, Stage } from '../stage.ts';

export const WHITE = rgb(236, 236, 232);
export const RED = rgb(190, 24, 30);
export const BLUE = rgb(20, 70, 150);
export const BLACK = rgb(24, 24, 26);

export type SignKind =
  'limit' | 'noEntry' | 'warning' | 'giveWay' | 'blueDisc' | 'direction' | 'parking' | 'back' | 'bus';

/** Where a plate goes: its frame, its middle, half its height. */
export interface PlatePlace {
  readonly stage: Stage;
  readonly frame: Frame;
  readonly u: number;
  readonly v: number;
  readonly size: number;
}

export function addPlate(place: PlatePlace, kind: SignKind, random: Random): void {
  const { stage, frame, u, v, size } = place;
  const put = (corners: readonly number[], shader: Shader): void =>
    stage.add(frame, corners, SIGN_SYMBOL, shader);
  const disc = (radius: number, colour: Colour): void =>
    put(ellipse(u, v, radius, radius, 22), plain(colour));
  const ink = plain(BLACK);
  switch (kind) {
    case 'limit':
      disc(size, RED);
      disc(size * 0.78, WHITE);
      for (const [digit, at] of [
        [random.pick([2, 3, 4]), -0.3],
        [0, 0.28],
      ] as const) {
        for (const box of DIGITS[digit]!) {
          const [l, b, r, t] = box;
          put(rectangle(u + (at + l) * size, v + b * size, u + (at + r) * size, v + t * size), ink);
        }
      }
      return;
    case 'noEntry':
      disc(size, WHITE);
      disc(size * 0.95, RED);
      put(rectangle(u - size * 0.72, v - size * 0.16, u + size * 0.72, v + size * 0.16), plain(WHITE));
      return;
    case 'warning':
      put(triangle(u, v, size * 1.25, 1), plain(RED));
      put(triangle(u, v, size * 0.85, 1), plain(WHITE));
      if (random.chance(0.5)) {
        put(rectangle(u - 0.03, v - size * 0.22, u + 0.03, v + size * 0.4), ink);
        put(rectangle(u - size * 0.3, v - size * 0.02, u + size * 0.3, v + size * 0.08), ink);
      } else {
        put(ellipse(u, v + size * 0.2, size * 0.1), ink);
        put(
          [
            u - size * 0.2,
            v - size * 0.4,
            u + size * 0.15,
            v - size * 0.4,
            u + size * 0.06,
            v + size * 0.1,
            u - size * 0.08,
            v + size * 0.1,
          ],
          ink,
        );
      }
      return;
    case 'giveWay':
      put(triangle(u, v, size * 1.25, -1), plain(RED));
      put(triangle(u, v, size * 0.82, -1), plain(WHITE));
      return;
    case 'blueDisc':
      disc(size, WHITE);
      disc(size * 0.94, BLUE);
      put(arrow(u, v, size), plain(WHITE));
      return;
    case 'direction': {
      const wide = random.range(0.55, 0.95);
      const rows = random.int(1, 3);
      const colour = random.weighted([
        [rgb(16, 92, 56), 4],
        [WHITE, 3],
        [BLUE, 2],
        [rgb(110, 66, 40), 1],
      ] as const);
      addBoard(place, wide, 0.14 + rows * 0.15, colour, rows, random);
      return;
    }
    case 'parking':
      addBoard(place, size * 0.7, size * 0.9, random.pick([BLUE, WHITE, rgb(226, 196, 50)]), 3, random);
      return;
    case 'back': {
      const grey = mottled(rgb(116, 118, 120), 0.3, 0.1, 5);
      put(random.chance(0.6) ? ellipse(u, v, size, size, 20) : triangle(u, v, size * 1.2, 1), grey);
      return;
    }
    case 'bus':
      addBoard({ ...place, u: u + 0.24 }, 0.22, 0.34, random.pick([RED, rgb(230, 200, 60), BLUE]), 2, random);
  }
}

/** A board with a rim and lines of writing. */
export function addBoard(
  place: PlatePlace,
  halfWide: number,
  halfHigh: number,
  ground: Colour,
  rows: number,
  random: Random,
): void {
  const { stage, frame, u, v } = place;
  const put = (corners: readonly number[], colour: Colour): void =>
    stage.add(frame, corners, SIGN_SYMBOL, plain(colour));
  const pale = ground.r + ground.g + ground.b > 1.2;
  const letters = pale ? BLACK : WHITE;
  const rim = Math.min(0.035, halfWide * 0.08);
  put(rectangle(u - halfWide, v - halfHigh, u + halfWide, v + halfHigh), letters);
  put(rectangle(u - halfWide + rim, v - halfHigh + rim, u + halfWide - rim, v + halfHigh - rim), ground);
  const line = (2 * halfHigh - 2 * rim) / (rows + 0.4);
  const high = line * 0.52;
  for (let row = 0; row < rows; row++) {
    const low = v + halfHigh - rim - line * (row + 0.95);
    let at = u - halfWide * random.range(0.7, 0.86);
    const end = u + halfWide * random.range(0.2, 0.8);
    while (at < end) {
      const wide = high * random.range(0.35, 0.6);
      if (random.chance(0.88)) {
        const tall = random.chance(0.35) ? high : high * 0.72;
        put(rectangle(at, low, at + wide, low + tall), letters);
        // The hollow of the letter.
        put(
          rectangle(
            at + wide * 0.35,
            low + tall * 0.25,
            at + wide * random.pick([0.68, 1]),
            low + tall * 0.62,
          ),
          ground,
        );
      }
      at += wide * 1.4;
    }
  }
}

const triangle = (u: number, v: number, size: number, up: 1 | -1): number[] => [
  u - size,
  v - up * size * 0.7,
  u + size,
  v - up * size * 0.7,
  u,
  v + up * size * 1.03,
];

const arrow = (u: number, v: number, size: number): number[] => [
  u - size * 0.14,
  v - size * 0.55,
  u + size * 0.14,
  v - size * 0.55,
  u + size * 0.14,
  v + size * 0.1,
  u + size * 0.42,
  v + size * 0.1,
  u,
  v + size * 0.65,
  u - size * 0.42,
  v + size * 0.1,
  u - size * 0.14,
  v + size * 0.1,
];

/** Strokes as [left, bottom, right, top] in shares of the disc's radius. */
const DIGITS: Readonly<Record<number, readonly (readonly [number, number, number, number])[]>> = {
  0: [
    [-0.2, -0.36, -0.09, 0.36],
    [0.09, -0.36, 0.2, 0.36],
    [-0.2, 0.25, 0.2, 0.36],
    [-0.2, -0.36, 0.2, -0.25],
  ],
  2: [
    [-0.2, 0.25, 0.2, 0.36],
    [0.09, 0, 0.2, 0.36],
    [-0.2, -0.06, 0.2, 0.05],
    [-0.2, -0.36, -0.09, 0],
    [-0.2, -0.36, 0.2, -0.25],
  ],
  3: [
    [-0.2, 0.25, 0.2, 0.36],
    [0.09, -0.36, 0.2, 0.36],
    [-0.12, -0.06, 0.2, 0.05],
    [-0.2, -0.36, 0.2, -0.25],
  ],
  4: [
    [0.05, -0.36, 0.16, 0.36],
    [-0.2, -0.12, 0.22, -0.01],
    [-0.2, -0.12, -0.09, 0.36],
  ],
};
