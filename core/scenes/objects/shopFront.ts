import { hash2, noise2 } from '../noise.ts';
import type { Light } from '../light.ts';
import { mirrorStreet } from '../sky.ts';
import type { Colour } from '../colour.ts';
import type { Hit, Surface } from '../stage.ts';
import type { FacadeStyle } from './facadeStyle.ts';

/** Ground floor with fascia, display windows and a door; u from the left corner. */
export function shadeShopFront(
  style: FacadeStyle,
  wide: number,
  light: Light,
  seed: number,
  hit: Hit,
  out: Surface,
): void {
  const { u, v } = hit;
  const top = style.groundHeight;
  const { shopColour } = style;
  const fascia = top - 0.85;
  if (v > top - 0.14) {
    solid(out, style.trim, 0.8);
    return;
  }
  if (v > fascia) {
    solid(out, shopColour, v < fascia + 0.06 ? 0.55 : 1);
    // The name: strokes that read as letters from across the street.
    const middle = (v - fascia - 0.12) / 0.46;
    const name = 0.3 + 0.5 * hash2(2, 2, seed);
    const from = wide * (0.5 - name / 2);
    const letter = (u - from) / 0.34;
    if (middle > 0 && middle < 1 && letter > 0 && u < wide * (0.5 + name / 2)) {
      const index = Math.floor(letter);
      const inside = letter - index;
      const gap = hash2(index, 6, seed) < 0.14;
      const bar = Math.floor(inside * 4);
      const stroke =
        bar === 0 ||
        (bar < 3 && Math.abs(middle - (hash2(index, bar, seed + 4) < 0.5 ? 0.9 : 0.5)) < 0.13) ||
        (bar === 2 && hash2(index, 8, seed) < 0.5);
      if (!gap && stroke && inside < 0.78) {
        const pale = shopColour.r + shopColour.g + shopColour.b < 1.2;
        const ink = pale ? 0.85 : 0.05;
        out.r = ink;
        out.g = ink;
        out.b = ink * 0.92;
      }
    }
    return;
  }
  const doorAt = wide * (0.2 + 0.6 * hash2(3, 3, seed));
  const offDoor = Math.abs(u - doorAt);
  const edge = Math.min(u, wide - u);
  if (edge < 0.28) {
    solid(out, shopColour, 0.8);
    return;
  }
  const pane = 1.5 + hash2(4, 4, seed);
  const inPane = u / pane - Math.floor(u / pane);
  const frame = inPane * pane < 0.07 || v > fascia - 0.07;
  const riser = offDoor > 0.5 ? 0.5 : 0.06;
  if (v < riser || (offDoor < 0.56 && offDoor > 0.48) || (frame && offDoor > 0.5)) {
    solid(out, shopColour, v < riser ? 0.62 : 0.85);
    return;
  }
  shadeDisplay(u, v, pane, riser, fascia, light.evening ? 2.6 : 1, offDoor < 0.5, seed, out);
  out.sun = 0;
  const norm = 1 / Math.sqrt(hit.dx * hit.dx + hit.dy * hit.dy + hit.dz * hit.dz);
  mirrorStreet(light, hit.dy * norm + (v - 1.6) * 0.12, 0.22, out);
}

/** Behind the glass: posters, goods on shelves, or a dim room under its lamps. */
function shadeDisplay(
  u: number,
  v: number,
  pane: number,
  low: number,
  high: number,
  lamps: number,
  door: boolean,
  seed: number,
  out: Surface,
): void {
  const index = Math.floor(u / pane);
  const up = (v - low) / (high - low);
  const across = u / pane - index;
  const kind = door ? 0.95 : hash2(index, 20, seed);
  // The room: brighter towards its ceiling, with a row of lamps.
  let level = 0.025 + 0.07 * up * up;
  if (up > 0.82 && noise2(u * 3.1, 5, seed + 21) > 0.62) level += 0.22;
  let r = level;
  let g = level * 0.9;
  let b = level * 0.74;
  if (kind < 0.3) {
    const left = 0.15 + 0.2 * hash2(index, 22, seed);
    const foot = 0.2 + 0.2 * hash2(index, 23, seed);
    if (across > left && across < left + 0.45 && up > foot && up < foot + 0.42) {
      const band = up > foot + 0.26 && up < foot + 0.36;
      const hue = hash2(index, 24, seed);
      const strength = 0.3;
      r = band ? 0.5 : strength * (0.2 + hue);
      g = band ? 0.5 : strength * (0.25 + 0.7 * hash2(index, 25, seed));
      b = band ? 0.48 : strength * (1.1 - hue);
    }
  } else if (kind < 0.62) {
    const shelf = Math.floor(v / 0.5);
    const stack = v / 0.5 - shelf;
    const slot = u / 0.22 + hash2(shelf, 26, seed) * 5;
    const item = Math.floor(slot);
    const tall = 0.25 + 0.6 * hash2(item, shelf, seed + 27);
    if (up < 0.7 && stack < 0.06) {
      r = 0.12;
      g = 0.11;
      b = 0.09;
    } else if (up < 0.7 && stack < tall && slot - item < 0.8) {
      const bright = 0.05 + 0.16 * hash2(item, shelf, seed + 28);
      r = bright * (0.5 + hash2(item, shelf, seed + 29));
      g = bright * (0.5 + 0.8 * hash2(item, shelf, seed + 30));
      b = bright * (0.4 + 0.7 * hash2(item, shelf, seed + 31));
    }
  }
  out.r = 0.02;
  out.g = 0.02;
  out.b = 0.02;
  out.er = r * lamps;
  out.eg = g * lamps;
  out.eb = b * lamps;
}

function solid(out: Surface, colour: Colour, tone: number): void {
  out.r = colour.r * tone;
  out.g = colour.g * tone;
  out.b = colour.b * tone;
}
