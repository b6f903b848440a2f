import { hash2, noise2 } from '../noise.ts';
import type { Light } from '../light.ts';
import { mirrorStreet } from '../sky.ts';
import type { Colour } from '../colour.ts';
import type { Hit, Surface } from '../stage.ts';
import type { FacadeStyle } from './facade.ts';

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
  // Behind the glass: goods on shelves, lit from above.
  const shelf = Math.floor(v / 0.55);
  const item = Math.floor(u / 0.32 + hash2(shelf, 5, seed) * 3);
  const tint = hash2(item, shelf, seed + 13);
  const bright = 0.08 + 0.22 * noise2(u * 1.2, v * 1.4, seed + 14) * (0.4 + v / top);
  const goods = tint < 0.5 && offDoor > 0.5 ? 1 : 0.35;
  const lamp = light.evening ? 3 : 1;
  out.r = 0.02;
  out.g = 0.02;
  out.b = 0.02;
  out.er = bright * goods * lamp * (0.5 + 0.7 * hash2(item, shelf, seed + 15));
  out.eg = bright * goods * lamp * (0.45 + 0.6 * hash2(item, shelf, seed + 16));
  out.eb = bright * goods * lamp * (0.4 + 0.5 * hash2(item, shelf, seed + 17));
  out.sun = 0;
  const norm = 1 / Math.sqrt(hit.dx * hit.dx + hit.dy * hit.dy + hit.dz * hit.dz);
  mirrorStreet(light, hit.dy * norm + (v - 1.6) * 0.12, 0.22, out);
}

function solid(out: Surface, colour: Colour, tone: number): void {
  out.r = colour.r * tone;
  out.g = colour.g * tone;
  out.b = colour.b * tone;
}
