import { PEDESTRIAN } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb, times } from '../colour.ts';
import type { Random } from '../random.ts';
import { vec } from '../vector.ts';
import { Figure } from './figure.ts';
import type { Site } from './site.ts';

export const SKINS: readonly Colour[] = [
  rgb(232, 190, 164),
  rgb(222, 176, 146),
  rgb(196, 146, 112),
  rgb(140, 96, 70),
  rgb(90, 60, 46),
];
export const HAIRS: readonly Colour[] = [
  rgb(44, 32, 26),
  rgb(26, 24, 24),
  rgb(96, 66, 40),
  rgb(168, 130, 78),
  rgb(150, 148, 144),
];
export const TOPS: readonly Colour[] = [
  rgb(40, 42, 50),
  rgb(28, 28, 32),
  rgb(60, 66, 92),
  rgb(150, 36, 40),
  rgb(200, 196, 186),
  rgb(92, 110, 80),
  rgb(120, 92, 70),
  rgb(60, 104, 150),
  rgb(206, 170, 60),
  rgb(150, 80, 120),
  rgb(230, 230, 228),
  rgb(84, 84, 88),
];
export const LEGS: readonly Colour[] = [
  rgb(44, 54, 84),
  rgb(34, 34, 40),
  rgb(90, 84, 76),
  rgb(58, 62, 70),
  rgb(150, 136, 110),
];

export interface PedestrianPlace {
  readonly x: number;
  readonly z: number;
  readonly headX: number;
  readonly headZ: number;
  readonly walking: boolean;
}

/** A person on foot, walking or standing; tall about 1.7 m, some are children. */
export function addPedestrian(site: Site, place: PedestrianPlace, random: Random): void {
  const child = random.chance(0.1);
  const size = child ? random.range(0.6, 0.78) : random.range(0.93, 1.08);
  const figure = new Figure(site.stage, place.x, place.z, place.headX, place.headZ, size);
  const skin = random.pick(SKINS);
  const hair = random.pick(HAIRS);
  const top = random.pick(TOPS);
  const legs = random.pick(LEGS);
  const shoes = random.pick([rgb(26, 24, 24), rgb(70, 48, 36), rgb(190, 190, 190)]);
  const swing = place.walking ? random.range(-1, 1) : random.range(-0.12, 0.12);
  const broad = random.range(0.9, 1.2);
  const skirt = random.chance(0.16);
  const coat = !skirt && random.chance(0.35);
  const id = PEDESTRIAN;

  for (const s of [-1, 1] as const) {
    const stride = swing * s;
    const hip = vec(0.09 * s, 0.9, 0);
    const knee = vec(0.1 * s, 0.5 + 0.03 * Math.abs(stride), 0.2 * stride + 0.05);
    const lift = stride < 0 ? 0.1 * -stride : 0;
    const ankle = vec(0.1 * s, 0.09 + lift, 0.36 * stride - (stride < 0 ? 0.1 : 0));
    figure.limb(hip, 0.1 * broad, knee, 0.07 * broad, skirt ? skin : legs, id);
    figure.limb(knee, 0.068 * broad, ankle, 0.05, skirt ? skin : legs, id);
    figure.limb(ankle, 0.05, vec(0.11 * s, 0.045 + lift * 0.7, ankle.z + 0.16), 0.04, shoes, id);
    const shoulder = vec(0.19 * s * broad, 1.4, 0);
    const elbow = vec(0.25 * s * broad, 1.12, -0.16 * stride);
    const bent = random.chance(0.2);
    const hand = bent ? vec(0.14 * s, 1.2, 0.25) : vec(0.25 * s * broad, 0.86, -0.26 * stride + 0.05);
    figure.limb(shoulder, 0.065 * broad, elbow, 0.052 * broad, times(top, 0.94), id);
    figure.limb(elbow, 0.05 * broad, hand, 0.04, times(top, 0.94), id);
    figure.ball(hand, 0.045, 0.05, skin, id);
  }
  if (skirt || coat) {
    const cloth = skirt ? random.pick(TOPS) : top;
    figure.limb(vec(0, 1, 0), 0.17 * broad, vec(0, skirt ? 0.62 : 0.68, 0), 0.2 * broad, cloth, id, 0.08);
  }
  figure.limb(vec(0, 0.95, 0), 0.15 * broad, vec(0, 1.22, 0.01), 0.165 * broad, top, id, 0.03);
  figure.limb(
    vec(-0.1 * broad, 1.36, 0),
    0.1 * broad,
    vec(0.1 * broad, 1.36, 0),
    0.1 * broad,
    top,
    id,
    0.035,
  );
  figure.limb(vec(0, 1.2, 0.01), 0.165 * broad, vec(0, 1.36, 0), 0.15 * broad, top, id, 0.03);
  figure.limb(vec(0, 1.44, 0), 0.055, vec(0, 1.54, 0.01), 0.05, skin, id);
  figure.ball(vec(0, 1.63, 0.02), 0.09, 0.115, skin, id, 0.05);
  figure.ball(vec(0, 1.67, -0.02), 0.1, 0.1, hair, id, 0.02);
  if (random.chance(0.35)) figure.limb(vec(0, 1.66, -0.06), 0.09, vec(0, 1.5, -0.07), 0.07, hair, id);
  if (random.chance(0.35)) {
    const bag = random.pick([rgb(40, 34, 30), rgb(120, 40, 40), rgb(50, 70, 60), rgb(160, 130, 90)]);
    if (random.chance(0.5)) figure.limb(vec(0, 1.36, -0.2), 0.13, vec(0, 1.06, -0.22), 0.14, bag, id);
    else figure.limb(vec(0.28, 0.8, 0), 0.1, vec(0.28, 0.58, 0), 0.13, bag, id);
  }
  figure.finish();

  site.shadows.addContact({
    x: place.x,
    z: place.z,
    alongX: 1,
    alongZ: 0,
    halfLength: 0.1,
    halfWidth: 0.1,
    softness: 0.32,
    strength: 0.6,
  });
  site.shadows.addBox({
    x: place.x,
    z: place.z,
    alongX: place.headX,
    alongZ: place.headZ,
    halfLength: 0.14,
    halfWidth: 0.2 * broad,
    bottom: 0,
    top: 1.7 * size,
  });
}
