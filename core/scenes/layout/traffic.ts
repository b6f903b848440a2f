import { addBicyclist } from '../objects/bicyclist.ts';
import { addCar } from '../objects/car.ts';
import type { Site } from '../objects/site.ts';
import type { Random } from '../random.ts';
import type { StreetSide } from '../streetPlan.ts';
import { inSideStreet, streetX } from '../streetPlan.ts';

/** Cars parked and driving, and people on bicycles. */
export function addTraffic(site: Site, random: Random): void {
  const { plan } = site;
  addParked(site, plan.left, random.fork());
  addParked(site, plan.right, random.fork());
  addMoving(site, random.fork());
  addCrossing(site, random.fork());
  addBicycles(site, random.fork());
}

/** Unit vector along the street at this place. */
function heading(site: Site, z: number, sign: 1 | -1): { headX: number; headZ: number } {
  const slope = site.plan.bend * z;
  const norm = sign / Math.sqrt(1 + slope * slope);
  return { headX: slope * norm, headZ: norm };
}

function addParked(site: Site, side: StreetSide, random: Random): void {
  if (!side.parked) return;
  const { plan } = site;
  const dense = random.range(0.5, 0.95);
  for (let z = random.range(1, 6); z < plan.end - 10; z += random.range(5.2, 6.2)) {
    if (!random.chance(dense) || inSideStreet(plan, side, z - 4, z + 4)) continue;
    if (plan.crossing !== undefined && Math.abs(z - plan.crossing) < 9) continue;
    const across = side.sign * (side.kerb - 1.05 + random.range(-0.1, 0.1));
    const sign = random.chance(0.8) ? (side.sign < 0 ? 1 : -1) : side.sign < 0 ? -1 : 1;
    addCar(
      site,
      { x: streetX(plan, across, z), z, ...heading(site, z, sign), only: random.chance(0.9) ? 'car' : 'van' },
      random.fork(),
    );
  }
}

function addMoving(site: Site, random: Random): void {
  const { plan } = site;
  const busy = random.range(0.2, 1);
  // Ahead of us, same way.
  let z = random.range(9, 34);
  while (z < 130) {
    if (random.chance(busy)) {
      const across = random.range(-0.3, 0.3);
      addCar(
        site,
        { x: streetX(plan, across, z), z, ...heading(site, z, 1), braking: random.chance(0.45) },
        random.fork(),
      );
    }
    z += random.range(8, 30);
  }
  // Towards us, on our right.
  const oncoming = plan.centreLine + 1.6;
  z = random.range(7, 30);
  while (z < 130) {
    if (random.chance(busy)) {
      addCar(
        site,
        { x: streetX(plan, oncoming + random.range(-0.2, 0.3), z), z, ...heading(site, z, -1) },
        random.fork(),
      );
    }
    z += random.range(9, 32);
  }
  for (const lane of plan.laneLines) {
    const ours = lane < plan.centreLine;
    const across = ours ? lane - 1.6 : lane + 1.6;
    for (let at = random.range(6, 30); at < 120; at += random.range(10, 34)) {
      if (random.chance(busy)) {
        addCar(
          site,
          { x: streetX(plan, across, at), z: at, ...heading(site, at, ours ? 1 : -1) },
          random.fork(),
        );
      }
    }
  }
}

/** A car that comes out of or crosses at a junction, seen from its side. */
function addCrossing(site: Site, random: Random): void {
  const { plan } = site;
  for (const junction of plan.junctions) {
    if (!random.chance(0.55)) continue;
    const toRight = junction.left ? (junction.right ? random.chance(0.5) : true) : false;
    const z = junction.z + (toRight ? -1 : 1) * junction.halfWidth * 0.45;
    const x = (toRight ? -1 : 1) * random.range(2, 14);
    const turn = random.range(-0.25, 0.25);
    const norm = (toRight ? 1 : -1) / Math.sqrt(1 + turn * turn);
    addCar(site, { x: streetX(plan, x, z), z, headX: norm, headZ: turn * norm }, random.fork());
  }
}

function addBicycles(site: Site, random: Random): void {
  const { plan } = site;
  const count = random.weighted([
    [0, 14],
    [1, 34],
    [2, 30],
    [3, 22],
  ] as const);
  for (let i = 0; i < count; i++) {
    const z = 5 + 32 * random.next() * random.next() + random.range(0, 4);
    const ours = random.chance(0.62);
    const crossing = random.chance(0.1);
    const side = ours ? plan.left : plan.right;
    const across = side.sign * (side.kerb - (side.parked ? 2.7 : 0.9)) + random.range(-0.3, 0.3);
    if (crossing) {
      const sign = random.chance(0.5) ? 1 : -1;
      addBicyclist(
        site,
        { x: streetX(plan, random.range(-4, 5), z), z, headX: sign, headZ: 0 },
        random.fork(),
      );
      continue;
    }
    addBicyclist(site, { x: streetX(plan, across, z), z, ...heading(site, z, ours ? 1 : -1) }, random.fork());
  }
}
