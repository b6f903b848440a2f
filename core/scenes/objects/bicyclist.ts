import { BICYCLIST } from '../classes.ts';
import { rgb, times } from '../colour.ts';
import type { Random } from '../random.ts';
import { cosine, sine } from '../trigonometry.ts';
import { vec } from '../vector.ts';
import { Figure } from './figure.ts';
import { HAIRS, LEGS, SKINS, TOPS } from './pedestrian.ts';
import type { Site } from './site.ts';

export interface BicyclistPlace {
  readonly x: number;
  readonly z: number;
  readonly headX: number;
  readonly headZ: number;
}

const HIGH_VISIBILITY = [rgb(210, 230, 40), rgb(240, 130, 30)];

/** A rider on a bicycle: both are one class. */
export function addBicyclist(site: Site, place: BicyclistPlace, random: Random): void {
  const size = random.range(0.95, 1.06);
  const figure = new Figure(site.stage, place.x, place.z, place.headX, place.headZ, size);
  const id = BICYCLIST;
  const tyre = rgb(30, 30, 30);
  const tube = random.pick([
    rgb(40, 40, 44),
    rgb(130, 24, 28),
    rgb(30, 60, 120),
    rgb(180, 180, 184),
    rgb(30, 90, 60),
  ]);
  const top = random.chance(0.22) ? random.pick(HIGH_VISIBILITY) : random.pick(TOPS);
  const legs = random.pick(LEGS);
  const skin = random.pick(SKINS);

  const rear = vec(0, 0.34, -0.52);
  const front = vec(0, 0.34, 0.54);
  figure.ring(rear, 0.345, 0.05, tyre, id);
  figure.ring(front, 0.345, 0.05, tyre, id);
  const crank = vec(0, 0.3, -0.08);
  const saddle = vec(0, 0.94, -0.24);
  const head = vec(0, 0.86, 0.38);
  for (const [a, b] of [
    [crank, saddle],
    [crank, head],
    [saddle, head],
    [crank, rear],
    [rear, saddle],
    [head, front],
  ] as const) {
    figure.limb(a, 0.022, b, 0.022, tube, id);
  }
  figure.limb(vec(-0.28, 1.02, 0.36), 0.02, vec(0.28, 1.02, 0.36), 0.02, rgb(30, 30, 30), id);
  figure.limb(vec(0, 0.95, -0.34), 0.05, vec(0, 0.97, -0.12), 0.035, rgb(24, 24, 24), id);
  if (random.chance(0.3)) {
    const basket = rgb(110, 90, 66);
    figure.limb(vec(0, 0.85, 0.55), 0.14, vec(0, 0.75, 0.55), 0.12, basket, id);
  }

  const turn = random.range(0, 2 * Math.PI);
  for (const s of [-1, 1] as const) {
    const angle = turn + (s > 0 ? Math.PI : 0);
    const pedal = vec(0.11 * s, 0.3 + 0.17 * sine(angle), -0.08 + 0.17 * cosine(angle));
    const hip = vec(0.1 * s, 0.98, -0.22);
    const knee = vec(0.13 * s, (hip.y + pedal.y) / 2 + 0.1, 0.2 + 0.12 * cosine(angle));
    figure.limb(hip, 0.105, knee, 0.075, legs, id);
    figure.limb(knee, 0.07, pedal, 0.05, legs, id);
    figure.limb(pedal, 0.05, vec(pedal.x, pedal.y - 0.03, pedal.z + 0.14), 0.04, rgb(36, 34, 34), id);
    const shoulder = vec(0.19 * s, 1.42, 0.05);
    const elbow = vec(0.28 * s, 1.2, 0.16);
    const hand = vec(0.25 * s, 1.04, 0.36);
    figure.limb(shoulder, 0.065, elbow, 0.052, times(top, 0.94), id);
    figure.limb(elbow, 0.05, hand, 0.04, times(top, 0.94), id);
    figure.ball(hand, 0.045, 0.045, skin, id);
  }
  figure.limb(vec(0, 1.0, -0.22), 0.16, vec(0, 1.28, -0.05), 0.17, top, id, 0.03);
  figure.limb(vec(-0.1, 1.38, 0.03), 0.11, vec(0.1, 1.38, 0.03), 0.11, top, id, 0.03);
  figure.limb(vec(0, 1.25, -0.07), 0.17, vec(0, 1.4, 0.02), 0.14, top, id, 0.03);
  figure.limb(vec(0, 1.46, 0.08), 0.055, vec(0, 1.56, 0.12), 0.05, skin, id);
  figure.ball(vec(0, 1.65, 0.15), 0.09, 0.115, skin, id, 0.05);
  const helmet = random.chance(0.45);
  const cap = helmet
    ? random.pick([rgb(230, 230, 226), rgb(40, 40, 44), rgb(170, 30, 34), rgb(40, 80, 150)])
    : random.pick(HAIRS);
  figure.ball(vec(0, 1.7, 0.12), helmet ? 0.12 : 0.1, helmet ? 0.1 : 0.095, cap, id, 0.06);
  if (random.chance(0.4)) {
    const bag = random.pick([rgb(34, 34, 38), rgb(60, 70, 90), rgb(120, 40, 40)]);
    figure.limb(vec(0, 1.36, -0.16), 0.13, vec(0, 1.12, -0.28), 0.14, bag, id);
  }
  figure.finish();

  const box = { x: place.x, z: place.z, alongX: place.headX, alongZ: place.headZ };
  site.shadows.addContact({ ...box, halfLength: 0.6, halfWidth: 0.03, softness: 0.28, strength: 0.6 });
  site.shadows.addBox({ ...box, halfLength: 0.35, halfWidth: 0.18, bottom: 0.5, top: 1.7 });
  site.shadows.addBox({ ...box, halfLength: 0.8, halfWidth: 0.03, bottom: 0, top: 0.7 });
}
