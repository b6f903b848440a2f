import { POLE } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb } from '../colour.ts';
import { glowing, plain, rounded } from '../materials.ts';
import type { Random } from '../random.ts';
import type { Frame, Stage } from '../stage.ts';
import { distanceTo } from '../stage.ts';
import type { Site } from './site.ts';

const METALS: readonly Colour[] = [
  rgb(150, 154, 158),
  rgb(96, 100, 104),
  rgb(54, 60, 58),
  rgb(40, 44, 48),
  rgb(120, 122, 120),
];

/** Share of the picture's width below which nothing upright gets: thinner would break into dots. */
const THINNEST = 1 / 330;

export const pickMetal = (random: Random): Colour => random.pick(METALS);

/** An upright post on its own frame; returns the frame so that signs can be fixed to it. */
export function addPost(
  site: Site,
  x: number,
  z: number,
  height: number,
  radius: number,
  colour: Colour,
  foot = 0,
): Frame {
  const { stage } = site;
  const frame = stage.billboard(x, z, foot);
  const half = visibleRadius(stage, x, z, radius);
  const { sunDirection } = stage.light;
  const sunSide = sunDirection.x * frame.u.x + sunDirection.z * frame.u.z;
  stage.add(
    frame,
    [-half, 0, half, 0, half * 0.85, height, -half * 0.85, height],
    POLE,
    rounded(colour, 0, half, sunSide),
  );
  site.shadows.addBox({
    x,
    z,
    alongX: 1,
    alongZ: 0,
    halfLength: radius,
    halfWidth: radius,
    bottom: 0,
    top: height,
  });
  site.shadows.addContact({
    x,
    z,
    alongX: 1,
    alongZ: 0,
    halfLength: 0.04,
    halfWidth: 0.04,
    softness: 0.25,
    strength: 0.5,
  });
  return frame;
}

function visibleRadius(stage: Stage, x: number, z: number, radius: number): number {
  return Math.max(radius, stage.metresAt(distanceTo(stage, x, z), THINNEST) / 2);
}

export interface LampPlace {
  readonly x: number;
  readonly z: number;
  /** Where its arm reaches: -1 left, 1 right. */
  readonly towards: -1 | 1;
}

export type LampStyle = 'arm' | 'lantern' | 'twin';

/** A street lamp. */
export function addLamp(
  site: Site,
  place: LampPlace,
  style: LampStyle,
  colour: Colour,
  height: number,
): void {
  const { stage } = site;
  const { x, z, towards } = place;
  const evening = stage.light.evening;
  if (style === 'lantern') {
    const tall = Math.min(height, 4.6);
    const frame = addPost(site, x, z, tall, 0.06, colour);
    const glass = evening ? glowing(rgb(255, 214, 150), 1.6) : plain(rgb(206, 206, 196));
    stage.add(frame, [-0.12, tall, 0.12, tall, 0.2, tall + 0.42, -0.2, tall + 0.42], POLE, glass);
    stage.add(
      frame,
      [-0.24, tall + 0.42, 0.24, tall + 0.42, 0.05, tall + 0.62, -0.05, tall + 0.62],
      POLE,
      plain(colour),
    );
    return;
  }
  const frame = addPost(site, x, z, height, 0.09, colour);
  const half = visibleRadius(stage, x, z, 0.045);
  const metal = plain(colour);
  // The arm hangs over the road: its own plane across the street.
  for (const side of style === 'twin' ? ([-1, 1] as const) : [towards]) {
    const facing = frame.u.x > 0 ? side : -side;
    const reach = 1.7 * facing;
    stage.add(
      frame,
      [0, height - half, 0, height + half, reach, height + 0.28 + half, reach, height + 0.28 - half],
      POLE,
      metal,
    );
    const head = reach - 0.1 * facing;
    const end = reach + 0.62 * facing;
    stage.add(
      frame,
      [head, height + 0.22, end, height + 0.26, end, height + 0.36, head, height + 0.4],
      POLE,
      metal,
    );
    if (evening) {
      stage.add(
        frame,
        [head, height + 0.2, end, height + 0.24, end, height + 0.28, head, height + 0.25],
        POLE,
        glowing(rgb(255, 190, 110), 2.4),
      );
    }
  }
}

/** A short post that keeps cars off the pavement. */
export function addBollard(site: Site, x: number, z: number, colour: Colour, banded: boolean): void {
  const frame = addPost(site, x, z, 0.95, 0.08, colour);
  if (banded) {
    const half = visibleRadius(site.stage, x, z, 0.085);
    site.stage.add(
      frame,
      [-half, 0.72, half, 0.72, half, 0.84, -half, 0.84],
      POLE,
      plain(rgb(230, 230, 226)),
    );
  }
}
