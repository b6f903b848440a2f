import type { Colour } from '../colour.ts';
import { rgb } from '../colour.ts';
import type { Light } from '../light.ts';
import { hash2 } from '../noise.ts';
import { mirrorStreet } from '../sky.ts';
import type { Frame, Hit, Shader, Surface } from '../stage.ts';
import type { FacadeStyle } from './facadeStyle.ts';
import { shadeShopFront } from './shopFront.ts';

import { shadeWall } from './wall.ts';

/** How many windows fit side by side. */
export function countBays(style: FacadeStyle, wide: number): number {
  return Math.max(1, Math.round(wide / style.bay));
}

/** True where the ground floor has its door instead of a window. */
export function isDoorBay(index: number, bays: number, seed: number): boolean {
  const door = Math.floor(hash2(1, 1, seed) * bays);
  return index === door || (bays > 4 && index % 4 === door % 4);
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
  const bays = countBays(style, wide);
  const bay = wide / bays;
  const halfWindow = Math.min(style.windowWidth, bay * 0.92) / 2;
  const { normal } = frame;
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
      const isDoor = storey === 0 && isDoorBay(index, bays, seed);
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
  const toBar = Math.min(toLine(across, columns, 2 * half), toLine(up, rows, high - low));
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

/** Metres to the nearest of the lines that divide `size` into `count` parts; `share` is the place, 0 to 1. */
function toLine(share: number, count: number, size: number): number {
  const scaled = share * count;
  return (Math.abs(scaled - Math.round(scaled)) / count) * size;
}
