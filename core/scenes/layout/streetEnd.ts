import { addBuilding } from '../objects/building.ts';
import { createFacadeStyle } from '../objects/facadeStyle.ts';
import type { Site } from '../objects/site.ts';
import { addTree } from '../objects/tree.ts';
import type { Random } from '../random.ts';
import { streetX } from '../streetPlan.ts';

/** Houses and trees across the far end, so that no street runs out into nothing. */
export function addStreetEnd(site: Site, random: Random): void {
  const { plan } = site;
  const middle = streetX(plan, 0, plan.end);
  const z = plan.end + 22;
  let x = middle - 90;
  while (x < middle + 90) {
    const wide = random.range(8, 16);
    if (random.chance(0.55)) {
      addBuilding(
        site,
        {
          first: { x, z },
          second: { x: x + wide, z },
          depth: 10,
          backX: 0,
          backZ: 1,
          storeys: random.int(2, 4),
          style: createFacadeStyle(random.chance(0.7) ? 'terrace' : 'offices', random),
        },
        random.fork(),
      );
    }
    if (random.chance(0.6)) {
      addTree(
        site,
        { x: x + wide / 2, z: z - random.range(2, 10), height: random.range(7, 15), shape: 'round' },
        random.fork(),
      );
    }
    x += wide;
  }
  // Side streets are closed a little way off.
  for (const junction of plan.junctions) {
    for (const [sign, open] of [
      [-1, junction.left],
      [1, junction.right],
    ] as const) {
      if (!open) continue;
      const far = sign * random.range(45, 70);
      const at = streetX(plan, far, junction.z);
      const half = junction.halfWidth + 10;
      const [first, second] =
        sign < 0
          ? [
              { x: at, z: junction.z - half },
              { x: at, z: junction.z + half },
            ]
          : [
              { x: at, z: junction.z + half },
              { x: at, z: junction.z - half },
            ];
      addBuilding(
        site,
        {
          first,
          second,
          depth: 9,
          backX: sign,
          backZ: 0,
          storeys: 3,
          style: createFacadeStyle('terrace', random),
        },
        random.fork(),
      );
      // Its own houses on the far side, which we look along.
      const wallZ = junction.z + junction.halfWidth + 2.3;
      const side = sign < 0 ? plan.left : plan.right;
      const from = side.kerb + side.pavement + side.verge + side.setback + 9;
      for (let a = from; a < Math.abs(far); a += 8) {
        addBuilding(
          site,
          {
            first: { x: streetX(plan, sign < 0 ? -a - 8 : a, wallZ), z: wallZ },
            second: { x: streetX(plan, sign < 0 ? -a : a + 8, wallZ), z: wallZ },
            depth: 9,
            backX: 0,
            backZ: 1,
            storeys: random.int(2, 3),
            style: createFacadeStyle('terrace', random),
          },
          random.fork(),
        );
      }
    }
  }
}
