import type { Colour } from '../colour.ts';
import { mix, rgb, times } from '../colour.ts';
import type { Light } from '../light.ts';
import { hash2 } from '../noise.ts';
import type { Random } from '../random.ts';
import { mirrorStreet } from '../sky.ts';
import type { Frame, Hit, Shader, Surface } from '../stage.ts';
import type { SideKind } from '../streetPlan.ts';
import { shadeShopFront } from './shopFront.ts';
import type { WallStyle } from './wall.ts';
import { shadeWall } from './wall.ts';

/** How a house looks from the street. */
export interface FacadeStyle {
  readonly wall: WallStyle;
  readonly trim: Colour;
  readonly storeyHeight: number;
  readonly groundHeight: number;
  readonly bay: number;
  readonly windowWidth: number;
  readonly windowHeight: number;
  readonly sill: number;
  readonly panes: 1 | 2 | 4 | 6;
  readonly frame: Colour;
  readonly reveal: number;
  readonly shop: boolean;
  readonly shopColour: Colour;
  readonly doorColour: Colour;
  readonly bands: boolean;
  readonly flatRoof: boolean;
  readonly roofSlope: number;
  readonly roofColour: Colour;
  readonly chimneys: boolean;
  readonly dormers: boolean;
}

const BRICKS = [
  rgb(150, 92, 70),
  rgb(164, 112, 82),
  rgb(176, 148, 104),
  rgb(190, 168, 124),
  rgb(128, 76, 62),
  rgb(196, 180, 148),
];
const PLASTERS = [
  rgb(232, 228, 216),
  rgb(222, 210, 186),
  rgb(206, 212, 214),
  rgb(226, 200, 160),
  rgb(196, 176, 160),
  rgb(240, 238, 234),
  rgb(206, 180, 180),
];
const STONES = [rgb(188, 178, 152), rgb(170, 162, 146), rgb(200, 190, 166), rgb(150, 144, 134)];

export function createFacadeStyle(kind: SideKind, random: Random): FacadeStyle {
  const modern = kind === 'offices' ? random.chance(0.7) : random.chance(0.12);
  const material = modern
    ? random.weighted([
        ['panels', 5],
        ['brick', 3],
        ['plaster', 2],
      ] as const)
    : random.weighted([
        ['brick', 6],
        ['plaster', 4],
        ['stone', 2],
      ] as const);
  const colour = times(
    random.pick(material === 'brick' ? BRICKS : material === 'stone' ? STONES : PLASTERS),
    random.range(0.75, 1.05),
  );
  const second = material === 'brick' ? mix(colour, rgb(200, 190, 172), 0.6) : times(colour, 0.62);
  const bay = modern ? random.range(1.6, 3.2) : random.range(2, 3.1);
  return {
    wall: { kind: material, colour, second, ornate: !modern },
    trim: random.pick([rgb(226, 222, 212), rgb(200, 192, 174), rgb(120, 112, 104)]),
    storeyHeight: random.range(2.8, 3.4),
    groundHeight: kind === 'shops' ? random.range(3.4, 4.1) : random.range(3, 3.5),
    bay,
    windowWidth: modern ? bay * random.range(0.6, 0.9) : bay * random.range(0.38, 0.52),
    windowHeight: modern ? random.range(1.4, 2) : random.range(1.45, 1.95),
    sill: modern ? 0.8 : random.range(0.75, 0.95),
    panes: modern ? random.pick([1, 2] as const) : random.pick([2, 4, 6] as const),
    frame: modern
      ? random.pick([rgb(60, 62, 66), rgb(190, 190, 190)])
      : random.pick([rgb(236, 234, 228), rgb(236, 234, 228), rgb(90, 62, 46)]),
    reveal: modern ? 0.08 : random.range(0.1, 0.18),
    shop: kind === 'shops' && random.chance(0.88),
    shopColour: random.pick([
      rgb(30, 60, 110),
      rgb(150, 28, 32),
      rgb(24, 84, 60),
      rgb(40, 40, 44),
      rgb(214, 206, 186),
      rgb(196, 120, 30),
      rgb(90, 40, 90),
      rgb(26, 110, 130),
      rgb(230, 230, 228),
    ]),
    doorColour: random.pick([
      rgb(130, 24, 28),
      rgb(24, 44, 90),
      rgb(26, 70, 50),
      rgb(34, 34, 36),
      rgb(226, 224, 218),
      rgb(100, 60, 36),
    ]),
    bands: random.chance(0.5),
    flatRoof: modern || random.chance(0.22),
    roofSlope: random.range(0.6, 1.05),
    roofColour: random.pick([rgb(92, 92, 98), rgb(118, 76, 60), rgb(140, 88, 66), rgb(104, 100, 96)]),
    chimneys: !modern && random.chance(0.8),
    dormers: !modern && random.chance(0.25),
  };
}

/** The front of a house; u from its left corner, v from the ground. */
export function createFacadeShader(
  style: FacadeStyle,
  wide: number,
  eaves: number,
  storeys: number,
  frame: Frame,
  light: Light,
  seed: number,
): Shader {
  const bays = Math.max(1, Math.round(wide / style.bay));
  const bay = wide / bays;
  const halfWindow = Math.min(style.windowWidth, bay * 0.92) / 2;
  const { normal } = frame;
  const doorBay = Math.floor(hash2(1, 1, seed) * bays);
  return (hit, out) => {
    const { u, v } = hit;
    if (style.shop && v < style.groundHeight) {
      shadeShopFront(style, wide, light, seed, hit, out);
      return;
    }
    const storey = v < style.groundHeight ? 0 : 1 + Math.floor((v - style.groundHeight) / style.storeyHeight);
    const floor = storey === 0 ? 0 : style.groundHeight + (storey - 1) * style.storeyHeight;
    if (storey < storeys) {
      const index = Math.min(bays - 1, Math.max(0, Math.floor(u / bay)));
      const du = u - (index + 0.5) * bay;
      const isDoor = storey === 0 && (index === doorBay || (bays > 4 && index % 4 === doorBay % 4));
      const low = isDoor ? 0.12 : floor + style.sill;
      const high = isDoor ? 2.55 : low + style.windowHeight;
      const half = isDoor ? 0.52 : halfWindow;
      if (Math.abs(du) < half && v > low && v < high) {
        shadeOpening(
          style,
          light,
          normal,
          isDoor,
          index + storey * 64,
          seed,
          { du, half, low, high },
          hit,
          out,
          frame,
        );
        return;
      }
      // Sill and lintel.
      if (Math.abs(du) < half + 0.1 && !isDoor) {
        if (v <= low && v > low - 0.11) {
          solid(out, style.trim, 1);
          return;
        }
        if (style.wall.ornate && v >= high && v < high + 0.22) {
          solid(out, style.trim, 0.88);
          return;
        }
        if (v <= low - 0.11 && v > low - 0.3) {
          shadeWall(style.wall, seed, hit, out);
          out.ambient = 0.8;
          return;
        }
      }
    }
    if (style.bands && storey > 0 && v - floor < 0.18) {
      solid(out, style.trim, v - floor < 0.05 ? 0.6 : 0.95);
      return;
    }
    shadeWall(style.wall, seed, hit, out);
    const fromTop = eaves - v;
    if (fromTop < 0.5) out.ambient = 0.65 + 0.7 * fromTop;
  };
}

interface Opening {
  du: number;
  half: number;
  low: number;
  high: number;
}

/** Window or door set back into the wall: through the opening one sees its side or what closes it. */
function shadeOpening(
  style: FacadeStyle,
  light: Light,
  normal: Frame['normal'],
  isDoor: boolean,
  cell: number,
  seed: number,
  opening: Opening,
  hit: Hit,
  out: Surface,
  frame: Frame,
): void {
  const { half, low, high } = opening;
  // How far the ray drifts sideways and up while it goes `reveal` deep.
  const into = -(hit.dx * normal.x + hit.dy * normal.y + hit.dz * normal.z);
  const k = style.reveal / Math.max(0.02, into);
  const du = opening.du + k * (hit.dx * frame.u.x + hit.dy * frame.u.y + hit.dz * frame.u.z);
  const v = hit.v + k * hit.dy;
  if (Math.abs(du) > half || v > high || v < low) {
    solid(out, style.wall.colour, v > high ? 0.45 : v < low ? 0.9 : 0.68);
    out.ambient = 0.75;
    return;
  }
  if (isDoor && v < 2.1) {
    const panel =
      Math.abs(Math.abs(du) - half * 0.5) < half * 0.33 && (v < 0.95 ? v > 0.3 : v > 1.1 && v < 1.95);
    solid(out, style.doorColour, panel ? 0.8 : 1);
    return;
  }
  // Frame and glazing bars.
  const bar = style.panes === 1 ? 0.05 : 0.045;
  const across = (du + half) / (2 * half);
  const up = (v - low) / (high - low);
  const columns = style.panes === 1 ? 1 : style.panes === 6 ? 3 : 2;
  const rows = style.panes >= 4 ? 2 : 1;
  const near = (share: number, count: number, size: number): number => {
    const scaled = share * count;
    return (Math.abs(scaled - Math.round(scaled)) / count) * size;
  };
  const toBar = Math.min(near(across, columns, 2 * half), near(up, rows, high - low));
  const thickness = hit.footprint > bar ? bar * 0.6 : bar;
  if (toBar < thickness) {
    solid(out, style.frame, 0.95);
    out.ambient = 0.85;
    return;
  }
  const chance = hash2(cell, 9, seed);
  const curtain = hash2(cell, 10, seed);
  const lit = light.evening && chance < 0.45;
  if (lit) {
    const glow = 0.5 + 0.5 * hash2(cell, 11, seed);
    out.r = 0.05;
    out.g = 0.05;
    out.b = 0.05;
    out.er = 0.85 * glow;
    out.eg = 0.6 * glow;
    out.eb = 0.28 * glow;
    return;
  }
  if (curtain < 0.35 && Math.abs(du) > half * (0.35 + curtain)) solid(out, rgbCurtain, 0.35);
  else if (curtain > 0.82 && up > 0.3 + curtain * 0.4) solid(out, rgbCurtain, 0.5);
  else solid(out, rgbRoom, 0.6 + 0.6 * (1 - up));
  out.sun = 0;
  // Panes never hang quite straight: each mirrors a little higher or lower.
  const along = 2 * (hit.dx * normal.x + hit.dy * normal.y + hit.dz * normal.z);
  const mirrored = hit.dy - along * normal.y;
  const norm = 1 / Math.sqrt(hit.dx * hit.dx + hit.dy * hit.dy + hit.dz * hit.dz);
  const grazing = 1 - Math.min(1, into * norm);
  mirrorStreet(
    light,
    mirrored * norm + 0.3 * (hash2(cell, 12, seed) - 0.4),
    0.2 + 0.5 * grazing * grazing,
    out,
  );
}

const rgbCurtain = rgb(206, 198, 184);
const rgbRoom = rgb(36, 36, 40);

function solid(out: Surface, colour: Colour, tone: number): void {
  out.r = colour.r * tone;
  out.g = colour.g * tone;
  out.b = colour.b * tone;
}
