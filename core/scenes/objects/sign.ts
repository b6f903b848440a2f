import { SIGN_SYMBOL } from '../classes.ts';
import { rgb } from '../colour.ts';
import { glowing, plain } from '../materials.ts';
import type { Random } from '../random.ts';
import { ellipse, rectangle } from '../shapes.ts';
import type { Frame, Stage } from '../stage.ts';
import { addPost, pickMetal } from './pole.ts';
import type { SignKind } from './signPlates.ts';
import { addBoard, addPlate, BLACK, BLUE, RED, WHITE } from './signPlates.ts';
import type { Site } from './site.ts';

/** A post with one or two plates that face the traffic (or turn their grey back to us). */
export function addSign(site: Site, x: number, z: number, random: Random): void {
  const { stage } = site;
  const metal = pickMetal(random);
  const height = random.range(2.1, 2.7);
  const size = random.range(0.28, 0.38);
  const kind = random.weighted<SignKind>([
    ['limit', 5],
    ['noEntry', 2],
    ['warning', 4],
    ['giveWay', 2],
    ['blueDisc', 4],
    ['direction', 4],
    ['parking', 4],
    ['back', 4],
    ['bus', 2],
  ]);
  const frame = addPost(site, x, z, height + size, 0.04, metal);
  addPlate({ stage, frame, u: 0, v: height + size * 0.6, size }, kind, random);
  if (kind !== 'direction' && kind !== 'back' && random.chance(0.4)) {
    addBoard({ stage, frame, u: 0, v: height - size - 0.1, size: 0.15 }, 0.24, 0.15, WHITE, 2, random);
  }
}

/** A traffic light: post (Pole) and head (SignSymbol), facing us or seen from behind. */
export function addTrafficLight(site: Site, x: number, z: number, facing: boolean, random: Random): void {
  const { stage } = site;
  const frame = addPost(site, x, z, 3.4, 0.055, pickMetal(random));
  addSignalHead(stage, frame, 0, 2.35, facing, random);
  if (random.chance(0.3)) addSignalHead(stage, frame, random.pick([-0.35, 0.35]), 2, false, random);
}

function addSignalHead(
  stage: Stage,
  frame: Frame,
  u: number,
  v: number,
  facing: boolean,
  random: Random,
): void {
  const housing = plain(rgb(32, 32, 34));
  if (random.chance(0.5)) {
    stage.add(frame, rectangle(u - 0.32, v - 0.15, u + 0.32, v + 1.15), SIGN_SYMBOL, plain(WHITE));
    stage.add(frame, rectangle(u - 0.29, v - 0.12, u + 0.29, v + 1.12), SIGN_SYMBOL, plain(rgb(20, 20, 22)));
  }
  stage.add(frame, rectangle(u - 0.17, v, u + 0.17, v + 1), SIGN_SYMBOL, housing);
  if (!facing) return;
  const on = random.int(0, 2);
  const colours = [rgb(60, 255, 140), rgb(255, 180, 40), rgb(255, 50, 40)];
  colours.forEach((colour, i) => {
    const middle = v + 0.18 + 0.32 * i;
    const lens = glowing(colour, i === on ? 1.8 : 0.02);
    stage.add(frame, ellipse(u, middle, 0.12, 0.12, 14), SIGN_SYMBOL, lens);
    // The hood over it.
    stage.add(frame, rectangle(u - 0.13, middle + 0.09, u + 0.13, middle + 0.13), SIGN_SYMBOL, housing);
  });
}

/** A board that hangs out from a shop, across the pavement. */
export function addHangingSign(site: Site, x: number, z: number, height: number, random: Random): void {
  const { stage } = site;
  const frame = stage.billboard(x, z);
  const wide = random.range(0.25, 0.42);
  const high = random.range(0.25, 0.6);
  const colour = random.pick([RED, BLUE, rgb(30, 90, 60), WHITE, BLACK, rgb(214, 160, 40)]);
  addBoard({ stage, frame, u: 0, v: height, size: high }, wide, high, colour, random.int(1, 3), random);
}
