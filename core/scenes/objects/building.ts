import { BUILDING } from '../classes.ts';
import { rgb, times } from '../colour.ts';
import { plain } from '../materials.ts';
import type { Random } from '../random.ts';
import type { Vec3 } from '../vector.ts';
import { length, subtract, vec } from '../vector.ts';
import type { FacadeStyle } from './facadeStyle.ts';
import { countBays, createFacadeShader, isDoorBay } from './facade.ts';
import type { AtFront } from './facadeExtras.ts';
import { addAwning, addBayWindow } from './facadeExtras.ts';
import type { Site } from './site.ts';
import { createWallShader } from './wall.ts';

export interface BuildingLot {
  /** Front corners on the ground; the house stands behind the line from first to second, seen from the street. */
  readonly first: { readonly x: number; readonly z: number };
  readonly second: { readonly x: number; readonly z: number };
  readonly depth: number;
  /** Unit vector away from the street. */
  readonly backX: number;
  readonly backZ: number;
  readonly storeys: number;
  readonly style: FacadeStyle;
}

/** One house: front, both ends, roof, chimneys. Returns the height of its eaves. */
export function addBuilding(site: Site, lot: BuildingLot, random: Random): number {
  const { stage } = site;
  const { style, first, second, depth } = lot;
  const eaves = style.groundHeight + (lot.storeys - 1) * style.storeyHeight + (style.flatRoof ? 0.7 : 0.3);
  const corner = (p: { x: number; z: number }, back: number, y: number): Vec3 =>
    vec(p.x + lot.backX * back, y, p.z + lot.backZ * back);
  const wide = length(subtract(corner(second, 0, 0), corner(first, 0, 0)));

  const seed = random.int(0, 1 << 30);
  const front = stage.frameThrough(corner(first, 0, 0), corner(second, 0, 0), corner(first, 0, 1));
  stage.add(
    front,
    [0, 0, wide, 0, wide, eaves, 0, eaves],
    BUILDING,
    createFacadeShader(style, wide, eaves, lot.storeys, front, stage.light, seed),
  );
  addExtras(site, lot, wide, seed, random.fork());

  const wall = createWallShader({ ...style.wall, ornate: false }, random.int(0, 1 << 30));
  // Ends have fewer windows than the front, and no shop.
  const endStyle: FacadeStyle = { ...style, shop: false, bands: false, bay: 4.2 };
  const rise = style.flatRoof ? 0 : (depth / 2) * style.roofSlope;
  for (const end of [first, second]) {
    const points = [corner(end, 0, 0), corner(end, depth, 0), corner(end, depth, eaves)];
    if (rise > 0) points.push(corner(end, depth / 2, eaves + rise));
    points.push(corner(end, 0, eaves));
    const endFrame = stage.frameThrough(points[0]!, points[1]!, points[2]!);
    const shader = random.chance(0.35)
      ? createFacadeShader(endStyle, depth, eaves + rise, lot.storeys, endFrame, stage.light, seed)
      : wall;
    stage.add(endFrame, stage.onFrame(endFrame, points), BUILDING, shader);
  }
  if (rise > 0) {
    const roof = style.roofColour;
    const seed = random.int(0, 1 << 30);
    stage.addPolygon(
      [
        corner(first, -0.3, eaves - 0.05),
        corner(second, -0.3, eaves - 0.05),
        corner(second, depth / 2, eaves + rise),
        corner(first, depth / 2, eaves + rise),
      ],
      BUILDING,
      createWallShader({ kind: 'tiles', colour: roof, second: times(roof, 0.8), ornate: false }, seed),
    );
    addLedge(site, corner, first, second, eaves - 0.17, 0.32);
    // The gutter's edge.
    stage.addPolygon(
      [
        corner(first, -0.32, eaves - 0.17),
        corner(second, -0.32, eaves - 0.17),
        corner(second, -0.32, eaves - 0.03),
        corner(first, -0.32, eaves - 0.03),
      ],
      BUILDING,
      plain(random.pick([rgb(46, 46, 48), rgb(206, 204, 198), rgb(90, 84, 76)])),
    );
    if (style.dormers) addDormers(site, lot, corner, wide, eaves, rise, random);
  } else {
    addLedge(site, corner, first, second, eaves - 0.25, 0.12);
    // A low parapet hides the roof.
    stage.addPolygon(
      [
        corner(first, -0.12, eaves - 0.25),
        corner(second, -0.12, eaves - 0.25),
        corner(second, -0.12, eaves + 0.12),
        corner(first, -0.12, eaves + 0.12),
      ],
      BUILDING,
      plain(times(style.trim, 0.85)),
    );
  }
  if (style.chimneys) {
    const stack = createWallShader(
      { kind: 'brick', colour: rgb(138, 88, 68), second: rgb(110, 66, 52), ornate: false },
      random.int(0, 1 << 30),
    );
    for (const end of [first, second]) {
      if (random.chance(0.35)) continue;
      addChimney(
        site,
        corner(end, depth * 0.42, eaves + rise * 0.75),
        rise * 0.25 + random.range(0.9, 1.6),
        stack,
        random,
      );
    }
  }
  return eaves + rise * 0.6;
}

/** The underside of what overhangs the front: without it one would see the sky between the two. */
function addLedge(
  site: Site,
  corner: (p: { x: number; z: number }, back: number, y: number) => Vec3,
  first: BuildingLot['first'],
  second: BuildingLot['second'],
  y: number,
  out: number,
): void {
  site.stage.addPolygon(
    [corner(first, 0, y), corner(second, 0, y), corner(second, -out, y), corner(first, -out, y)],
    BUILDING,
    plain(rgb(120, 116, 108)),
  );
}

/** What stands out from the front towards the street. */
function addExtras(site: Site, lot: BuildingLot, wide: number, seed: number, random: Random): void {
  const { style, first, second } = lot;
  const at: AtFront = (u, out, y) =>
    vec(
      first.x + ((second.x - first.x) * u) / wide - lot.backX * out,
      y,
      first.z + ((second.z - first.z) * u) / wide - lot.backZ * out,
    );
  if (style.shop) {
    if (style.awning) addAwning(site.stage, at, wide, style, random);
    return;
  }
  if (!style.bayWindows) return;
  const bays = countBays(style, wide);
  for (let i = 0; i < bays; i++) {
    if (!isDoorBay(i, bays, seed)) {
      addBayWindow(site.stage, at, ((i + 0.5) * wide) / bays, style, seed);
      return;
    }
  }
}

function addChimney(
  site: Site,
  foot: Vec3,
  high: number,
  wall: ReturnType<typeof createWallShader>,
  random: Random,
): void {
  const { stage } = site;
  const half = { x: random.range(0.35, 0.55), z: random.range(0.35, 0.7) };
  const at = (sx: number, sz: number, y: number): Vec3 =>
    vec(foot.x + sx * half.x, foot.y + y, foot.z + sz * half.z);
  for (const side of [-1, 1] as const) {
    stage.addPolygon(
      [at(side, -1, -1), at(side, 1, -1), at(side, 1, high), at(side, -1, high)],
      BUILDING,
      wall,
    );
    stage.addPolygon(
      [at(-1, side, -1), at(1, side, -1), at(1, side, high), at(-1, side, high)],
      BUILDING,
      wall,
    );
  }
  const clay = plain(rgb(176, 112, 78));
  const pots = random.int(1, 4);
  for (let i = 0; i < pots; i++) {
    const z = foot.z + half.z * ((2 * (i + 0.5)) / pots - 1);
    const frame = stage.billboard(foot.x, z, foot.y + high);
    stage.add(frame, [-0.12, 0, 0.12, 0, 0.09, 0.5, -0.09, 0.5], BUILDING, clay);
  }
}

function addDormers(
  site: Site,
  lot: BuildingLot,
  corner: (p: { x: number; z: number }, back: number, y: number) => Vec3,
  wide: number,
  eaves: number,
  rise: number,
  random: Random,
): void {
  const { stage } = site;
  const count = Math.max(1, Math.floor(wide / 3.4));
  const back = lot.depth * 0.14;
  const foot = eaves + (back / (lot.depth / 2)) * rise - 0.05;
  const cheek = plain(times(lot.style.roofColour, 0.75));
  const along = (t: number): { x: number; z: number } => ({
    x: lot.first.x + (lot.second.x - lot.first.x) * t,
    z: lot.first.z + (lot.second.z - lot.first.z) * t,
  });
  const frameColour = plain(rgb(222, 220, 214));
  const glass = plain(rgb(62, 70, 80));
  const peak = random.chance(0.6) ? 0.55 : 0.05;
  for (let i = 0; i < count; i++) {
    const middle = (i + 0.5) / count;
    const half = 0.65 / wide;
    const a = along(middle - half);
    const b = along(middle + half);
    const deep = back + 1.6;
    for (const end of [a, b]) {
      stage.addPolygon(
        [
          corner(end, back, foot),
          corner(end, deep, foot),
          corner(end, deep, foot + 1.25),
          corner(end, back, foot + 1.25),
        ],
        BUILDING,
        cheek,
      );
    }
    const front = stage.frameThrough(corner(a, back, foot), corner(b, back, foot), corner(a, back, foot + 1));
    stage.add(front, [0, 0, 1.3, 0, 1.3, 1.25, 0.65, 1.25 + peak, 0, 1.25], BUILDING, frameColour);
    stage.add(front, [0.18, 0.15, 0.6, 0.15, 0.6, 1.12, 0.18, 1.12], BUILDING, glass);
    stage.add(front, [0.7, 0.15, 1.12, 0.15, 1.12, 1.12, 0.7, 1.12], BUILDING, glass);
  }
}
