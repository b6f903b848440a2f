import { addPedestrian } from '../objects/pedestrian.ts';
import type { Site } from '../objects/site.ts';
import type { Random } from '../random.ts';
import { streetX } from '../streetPlan.ts';

/** People on the pavements, alone and in twos and threes, some crossing. */
export function addPeople(site: Site, random: Random): void {
  const { plan } = site;
  const groups = random.int(3, 11);
  for (let i = 0; i < groups; i++) {
    const side = random.chance(0.5) ? plan.left : plan.right;
    const z = 6 + 44 * random.next() * random.next() + random.range(0, 4);
    const size = random.weighted([
      [1, 6],
      [2, 3],
      [3, 1],
    ] as const);
    const sign = random.chance(0.5) ? 1 : -1;
    const walking = random.chance(0.8);
    const room = Math.max(0.6, side.pavement - 0.5);
    const from = side.kerb + side.verge + 0.4;
    for (let j = 0; j < size; j++) {
      const across = side.sign * (from + Math.min(room, room * random.next() + j * 0.5));
      const at = z + random.range(-0.4, 0.4) + j * 0.3;
      const turn = random.range(-0.4, 0.4);
      const norm = sign / Math.sqrt(1 + turn * turn);
      addPedestrian(
        site,
        { x: streetX(plan, across, at), z: at, headX: turn * norm, headZ: norm, walking },
        random.fork(),
      );
    }
  }
  const crossers = plan.crossing === undefined ? (random.chance(0.12) ? 1 : 0) : random.int(0, 3);
  for (let i = 0; i < crossers; i++) {
    const z = (plan.crossing ?? random.range(12, 30)) + random.range(-0.8, 0.8);
    const across = random.range(-plan.left.kerb, plan.right.kerb);
    const sign = random.chance(0.5) ? 1 : -1;
    addPedestrian(
      site,
      { x: streetX(plan, across, z), z, headX: sign, headZ: 0, walking: true },
      random.fork(),
    );
  }
}
