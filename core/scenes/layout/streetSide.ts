import { addBuilding } from '../objects/building.ts';
import { createFacadeStyle } from '../objects/facadeStyle.ts';
import type { FenceKind } from '../objects/fence.ts';
import { addFence, createFenceLook } from '../objects/fence.ts';
import { addBollard, addLamp, pickMetal } from '../objects/pole.ts';
import type { LampStyle } from '../objects/pole.ts';
import { addHangingSign, addSign, addTrafficLight } from '../objects/sign.ts';
import type { Site } from '../objects/site.ts';
import { addTree } from '../objects/tree.ts';
import type { Random } from '../random.ts';
import type { StreetSide } from '../streetPlan.ts';
import { inSideStreet, streetX } from '../streetPlan.ts';

/** Houses or a park along one side, with trees, fences, lamps and signs. */
export function addStreetSide(site: Site, side: StreetSide, random: Random): void {
  const walls: Wall[] = [];
  if (side.kind === 'park') addPark(site, side, walls, random.fork());
  else addHouses(site, side, walls, random.fork());
  const start = -20;
  const heights = new Float64Array(Math.ceil(site.plan.end) - start);
  for (const wall of walls)
    heights.fill(wall.height, Math.max(0, Math.round(wall.from - start)), Math.round(wall.to - start));
  site.shadows.walls.push({ across: side.sign * front(side), start, heights });
  addPavementTrees(site, side, random.fork());
  addFurniture(site, side, random.fork());
}

interface Wall {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

const front = (side: StreetSide): number => side.kerb + side.pavement + side.verge + side.setback;

function addHouses(site: Site, side: StreetSide, walls: Wall[], random: Random): void {
  const { plan } = site;
  let z = -14 + random.range(0, 4);
  const depth = 9;
  let style = createFacadeStyle(side.kind, random);
  let storeys = random.int(2, side.kind === 'offices' ? 5 : 3);
  const fenceKind = random.weighted<FenceKind>([
    ['wall', 4],
    ['railing', 3],
    ['hedge', 3],
    ['boards', 1],
  ]);
  const fenceLook = createFenceLook(fenceKind, random);
  const fenceHeight = fenceKind === 'boards' ? 1.6 : random.range(0.8, 1.4);
  while (z < plan.end) {
    // Terraces repeat a house; shops and offices change from lot to lot.
    if (side.kind !== 'terrace' || random.chance(0.25)) {
      style = createFacadeStyle(side.kind, random);
      storeys = side.kind === 'villas' ? random.int(2, 3) : random.int(2, side.kind === 'offices' ? 5 : 4);
    }
    const wide =
      side.kind === 'offices'
        ? random.range(10, 24)
        : side.kind === 'terrace'
          ? random.range(5, 6.5)
          : random.range(5.5, 12);
    const gap = side.kind === 'villas' ? random.range(2, 5) : random.chance(0.05) ? 3 : 0;
    const from = z;
    const to = z + wide;
    z = to + gap;
    if (inSideStreet(plan, side, from, to)) {
      z = from + 2;
      continue;
    }
    const offset = front(side);
    const place = (at: number): { x: number; z: number } => ({
      x: streetX(plan, side.sign * offset, at),
      z: at,
    });
    // Seen from the street, the left corner of a house on our left is the nearer one.
    const [first, second] = side.sign < 0 ? [place(from), place(to)] : [place(to), place(from)];
    const height = addBuilding(
      site,
      { first, second, depth, backX: side.sign, backZ: 0, storeys, style },
      random.fork(),
    );
    walls.push({ from, to, height });
    if (style.shop && random.chance(0.4)) {
      const at = from + wide * random.range(0.2, 0.8);
      addHangingSign(site, streetX(plan, side.sign * (offset - 0.55), at), at, random.range(3, 4.2), random);
    }
    if (side.setback > 0) {
      const fenceAt = side.kerb + side.pavement + side.verge + 0.05;
      const gate = from + wide * random.range(0.4, 0.6);
      for (const [a, b] of [
        [from, gate - 0.6],
        [gate + 0.6, to + gap],
      ] as const) {
        addFence(
          site,
          {
            x0: streetX(plan, side.sign * fenceAt, a),
            z0: a,
            x1: streetX(plan, side.sign * fenceAt, b),
            z1: b,
            kind: fenceKind,
            height: fenceHeight,
          },
          fenceLook,
        );
      }
      if (side.setback > 2 && random.chance(0.55)) {
        const at = random.range(from, to);
        const inGarden = side.sign * (fenceAt + side.setback * 0.45);
        addTree(
          site,
          {
            x: streetX(plan, inGarden, at),
            z: at,
            height: random.range(1.5, 6),
            shape: random.chance(0.6) ? 'bush' : 'round',
          },
          random.fork(),
        );
      }
    }
  }
}

function addPark(site: Site, side: StreetSide, walls: Wall[], random: Random): void {
  const { plan } = site;
  const kind = random.weighted<FenceKind>([
    ['railing', 5],
    ['wall', 3],
    ['hedge', 2],
    ['boards', 1],
  ]);
  const look = createFenceLook(kind, random);
  const height = random.range(1, 1.9);
  const at = side.kerb + side.pavement + side.verge + 0.1;
  for (let z = -6; z < plan.end; z += 4) {
    if (inSideStreet(plan, side, z, z + 4)) continue;
    addFence(
      site,
      {
        x0: streetX(plan, side.sign * at, z),
        z0: z,
        x1: streetX(plan, side.sign * at, z + 4),
        z1: z + 4,
        kind,
        height,
      },
      look,
    );
  }
  for (let z = 2 + random.range(0, 4); z < plan.end; z += random.range(3, 9)) {
    if (inSideStreet(plan, side, z, z)) continue;
    const back = at + random.range(2, 14);
    addTree(
      site,
      {
        x: streetX(plan, side.sign * back, z),
        z,
        height: random.range(6, 14),
        shape: random.weighted([
          ['round', 7],
          ['tall', 1],
          ['bush', 0.6],
        ] as const),
      },
      random.fork(),
    );
  }
  // Houses and trees behind the park close the view.
  const style = createFacadeStyle('terrace', random);
  for (let z = -10; z < plan.end; z += 13) {
    if (random.chance(0.35)) {
      addTree(
        site,
        { x: streetX(plan, side.sign * (at + 30), z), z, height: random.range(9, 15), shape: 'round' },
        random.fork(),
      );
      continue;
    }
    const x = side.sign * (at + 32);
    const place = (p: number): { x: number; z: number } => ({ x: streetX(plan, x, p), z: p });
    const [first, second] = side.sign < 0 ? [place(z), place(z + 11)] : [place(z + 11), place(z)];
    addBuilding(
      site,
      { first, second, depth: 9, backX: side.sign, backZ: 0, storeys: 3, style },
      random.fork(),
    );
  }
  walls.length = 0;
}

function addPavementTrees(site: Site, side: StreetSide, random: Random): void {
  const { plan } = site;
  const planted = side.verge > 0 || random.chance(side.kind === 'shops' ? 0.15 : 0.35);
  if (!planted) return;
  const spacing = random.range(8, 16);
  const height = random.range(5, 10);
  const shape = random.chance(0.85) ? 'round' : 'tall';
  for (let z = random.range(7, 16); z < plan.end - 10; z += spacing * random.range(0.8, 1.3)) {
    if (inSideStreet(plan, side, z - 2, z + 2)) continue;
    const across = side.sign * (side.kerb + 0.7);
    addTree(
      site,
      { x: streetX(plan, across, z), z, height: height * random.range(0.85, 1.15), shape },
      random.fork(),
    );
  }
}

function addFurniture(site: Site, side: StreetSide, random: Random): void {
  const { plan } = site;
  const style = random.weighted<LampStyle>([
    ['arm', 6],
    ['lantern', 3],
    ['twin', 1],
  ]);
  const metal = pickMetal(random);
  const height = random.range(6, 9);
  const kerbSide = side.sign * (side.kerb + 0.45);
  const inward = side.sign < 0 ? 1 : -1;
  if (side.sign < 0 || random.chance(0.75)) {
    const spacing = style === 'lantern' ? 16 : 24;
    for (let z = random.range(4, 16); z < plan.end; z += spacing * random.range(0.85, 1.2)) {
      if (!inSideStreet(plan, side, z, z))
        addLamp(site, { x: streetX(plan, kerbSide, z), z, towards: inward }, style, metal, height);
    }
  }
  for (let z = random.range(6, 18); z < 90; z += random.range(9, 26)) {
    if (inSideStreet(plan, side, z, z)) continue;
    addSign(site, streetX(plan, side.sign * (side.kerb + random.range(0.4, 0.9)), z), z, random.fork());
  }
  if (random.chance(0.28)) {
    const colour = random.pick([metal, pickMetal(random)]);
    const banded = random.chance(0.5);
    const from = random.range(5, 25);
    for (let i = 0; i < random.int(4, 10); i++) {
      const z = from + i * 1.6;
      if (!inSideStreet(plan, side, z, z))
        addBollard(site, streetX(plan, side.sign * (side.kerb + 0.4), z), z, colour, banded);
    }
  }
  if (random.chance(0.3)) {
    const look = createFenceLook('guard', random);
    const from = random.range(4, 22);
    for (let i = 0; i < random.int(3, 8); i++) {
      const z = from + i * 2;
      if (inSideStreet(plan, side, z - 1, z + 3)) continue;
      const at = side.sign * (side.kerb + 0.3);
      addFence(
        site,
        {
          x0: streetX(plan, at, z),
          z0: z,
          x1: streetX(plan, at, z + 2),
          z1: z + 2,
          kind: 'guard',
          height: 1.05,
        },
        look,
      );
    }
  }
  for (const junction of plan.junctions) {
    const near = junction.z - junction.halfWidth - 2.2;
    const far = junction.z + junction.halfWidth + 2.2;
    if (junction.signals) {
      addTrafficLight(
        site,
        streetX(plan, kerbSide, near),
        near,
        side.sign < 0 || random.chance(0.4),
        random.fork(),
      );
      addTrafficLight(site, streetX(plan, kerbSide, far), far, random.chance(0.7), random.fork());
    }
  }
  if (plan.crossing !== undefined) {
    const z = plan.crossing + (side.sign < 0 ? -1.8 : 1.8);
    if (random.chance(0.5)) addTrafficLight(site, streetX(plan, kerbSide, z), z, true, random.fork());
    else addBollard(site, streetX(plan, kerbSide, z), z, metal, true);
  }
}
