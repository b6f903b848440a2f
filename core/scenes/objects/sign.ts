import { SIGN_SYMBOL } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb } from '../colour.ts';
import { glowing, mottled, plain } from '../materials.ts';
import type { Random } from '../random.ts';
import { ellipse, rectangle } from '../shapes.ts';
import type { Frame, Shader, Stage } from '../stage.ts';
import { addPost, pickMetal } from './pole.ts';
import type { Site } from './site.ts';

const WHITE = rgb(236, 236, 232);
const RED = rgb(190, 24, 30);
const BLUE = rgb(20, 70, 150);
const BLACK = rgb(24, 24, 26);

type SignKind =
  'limit' | 'noEntry' | 'warning' | 'giveWay' | 'blueDisc' | 'direction' | 'parking' | 'back' | 'bus';

/** A post with one or two plates that face the traffic (or turn their grey back to us). */
export function addSign(site: Site, x: number, z: number, random: Random): void {
  const metal = pickMetal(random);
  const height = random.range(2.1, 2.7);
  const size = random.range(0.3, 0.42);
  const kind = random.weighted<SignKind>([
    ['limit', 5],
    ['noEntry', 2],
    ['warning', 4],
    ['giveWay', 2],
    ['blueDisc', 4],
    ['direction', 5],
    ['parking', 4],
    ['back', 4],
    ['bus', 2],
  ]);
  const frame = addPost(site, x, z, height + size, 0.04, metal);
  addPlate(site.stage, frame, kind, 0, height + size * 0.6, size, random);
  if (kind !== 'direction' && random.chance(0.4)) {
    site.stage.add(
      frame,
      rectangle(-0.26, height - size - 0.22, 0.26, height - size + 0.1),
      SIGN_SYMBOL,
      lettered(WHITE, BLACK, 0.1, random),
    );
  }
}

function addPlate(
  stage: Stage,
  frame: Frame,
  kind: SignKind,
  u: number,
  v: number,
  size: number,
  random: Random,
): void {
  const put = (corners: readonly number[], shader: Shader): void =>
    stage.add(frame, corners, SIGN_SYMBOL, shader);
  const disc = (radius: number, colour: Colour): void =>
    put(ellipse(u, v, radius, radius, 22), plain(colour));
  switch (kind) {
    case 'limit':
      disc(size, RED);
      disc(size * 0.76, WHITE);
      put(rectangle(u - size * 0.42, v - size * 0.3, u - size * 0.08, v + size * 0.3), digit(BLACK));
      put(rectangle(u + size * 0.08, v - size * 0.3, u + size * 0.42, v + size * 0.3), digit(BLACK));
      return;
    case 'noEntry':
      disc(size, RED);
      put(rectangle(u - size * 0.7, v - size * 0.16, u + size * 0.7, v + size * 0.16), plain(WHITE));
      return;
    case 'warning':
      put(triangle(u, v, size * 1.25, 1), plain(RED));
      put(triangle(u, v, size * 0.85, 1), plain(WHITE));
      put(rectangle(u - 0.04, v - size * 0.25, u + 0.04, v + size * 0.35), plain(BLACK));
      return;
    case 'giveWay':
      put(triangle(u, v, size * 1.25, -1), plain(RED));
      put(triangle(u, v, size * 0.85, -1), plain(WHITE));
      return;
    case 'blueDisc':
      disc(size, BLUE);
      put(
        [
          u - 0.05,
          v - size * 0.5,
          u + 0.05,
          v - size * 0.5,
          u + 0.05,
          v + size * 0.15,
          u + size * 0.4,
          v + size * 0.1,
          u,
          v + size * 0.7,
          u - size * 0.4,
          v + size * 0.1,
          u - 0.05,
          v + size * 0.15,
        ],
        plain(WHITE),
      );
      return;
    case 'direction': {
      const wide = random.range(0.6, 1.1);
      const high = random.range(0.4, 0.7);
      put(
        rectangle(u - wide, v - high, u + wide, v + high),
        lettered(random.pick([rgb(20, 100, 60), WHITE, BLUE]), undefined, 0.16, random),
      );
      return;
    }
    case 'parking':
      put(
        rectangle(u - size * 0.7, v - size, u + size * 0.7, v + size * 0.8),
        lettered(random.pick([BLUE, WHITE, rgb(220, 190, 40)]), undefined, 0.12, random),
      );
      return;
    case 'back':
      put(
        random.chance(0.5)
          ? ellipse(u, v, size, size, 20)
          : rectangle(u - size, v - size * 0.8, u + size, v + size * 0.8),
        mottled(rgb(120, 122, 124), 0.3, 0.1, 5),
      );
      return;
    case 'bus':
      put(
        rectangle(u, v - 0.3, u + 0.45, v + 0.35),
        lettered(random.pick([RED, rgb(230, 200, 60), BLUE]), undefined, 0.14, random),
      );
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

const digit = (colour: Colour): Shader => {
  return (hit, out) => {
    const hole = Math.abs(hit.u * 40 - Math.round(hit.u * 40)) < 0.1;
    out.r = hole ? 0.6 : colour.r;
    out.g = hole ? 0.6 : colour.g;
    out.b = hole ? 0.6 : colour.b;
  };
};

/** A plate with lines of writing. */
function lettered(ground: Colour, ink: Colour | undefined, line: number, random: Random): Shader {
  const pale = ground.r + ground.g + ground.b > 1.2;
  const letters = ink ?? (pale ? BLACK : WHITE);
  const shift = random.range(0, 10);
  return (hit, out) => {
    const row = hit.v / line;
    const inRow = row - Math.floor(row);
    const column = hit.u / (line * 0.35) + shift + Math.floor(row) * 3.7;
    const inColumn = column - Math.floor(column);
    const written = inRow > 0.3 && inRow < 0.75 && inColumn < 0.65 && Math.floor(column * 0.23) % 4 !== 0;
    // From afar the writing is a tint.
    const share = hit.footprint > line * 0.3 ? 0.25 : written ? 0.9 : 0;
    out.r = ground.r + (letters.r - ground.r) * share;
    out.g = ground.g + (letters.g - ground.g) * share;
    out.b = ground.b + (letters.b - ground.b) * share;
  };
}

/** A traffic light: post (Pole) and head (SignSymbol), facing us or seen from behind. */
export function addTrafficLight(site: Site, x: number, z: number, facing: boolean, random: Random): void {
  const { stage } = site;
  const frame = addPost(site, x, z, 3.4, 0.055, pickMetal(random));
  addSignalHead(stage, frame, 0, 2.35, facing, random);
  if (random.chance(0.3)) addSignalHead(stage, frame, random.pick([-0.35, 0.35]), 2.0, false, random);
}

function addSignalHead(
  stage: Stage,
  frame: Frame,
  u: number,
  v: number,
  facing: boolean,
  random: Random,
): void {
  const board = random.chance(0.5);
  if (board) {
    stage.add(frame, rectangle(u - 0.32, v - 0.15, u + 0.32, v + 1.15), SIGN_SYMBOL, plain(WHITE));
    stage.add(frame, rectangle(u - 0.29, v - 0.12, u + 0.29, v + 1.12), SIGN_SYMBOL, plain(rgb(20, 20, 22)));
  }
  stage.add(frame, rectangle(u - 0.17, v, u + 0.17, v + 1), SIGN_SYMBOL, plain(rgb(30, 30, 32)));
  if (!facing) return;
  const on = random.int(0, 2);
  const colours = [rgb(60, 255, 140), rgb(255, 180, 40), rgb(255, 50, 40)];
  colours.forEach((colour, i) => {
    const shader = glowing(colour, i === on ? 1.8 : 0.02);
    stage.add(frame, ellipse(u, v + 0.18 + 0.32 * i, 0.12, 0.12, 14), SIGN_SYMBOL, shader);
  });
}

/** A board that hangs out from a shop, across the pavement. */
export function addHangingSign(site: Site, x: number, z: number, height: number, random: Random): void {
  const frame = site.stage.billboard(x, z);
  const wide = random.range(0.25, 0.45);
  const high = random.range(0.25, 0.6);
  const colour = random.pick([RED, BLUE, rgb(30, 90, 60), WHITE, BLACK, rgb(214, 160, 40)]);
  site.stage.add(
    frame,
    rectangle(-wide, height - high, wide, height + high),
    SIGN_SYMBOL,
    lettered(colour, undefined, 0.2, random),
  );
}
