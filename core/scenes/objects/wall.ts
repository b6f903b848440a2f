import type { Colour } from '../colour.ts';
import { fbm2, hash2, noise2 } from '../noise.ts';
import type { Hit, Shader, Surface } from '../stage.ts';

/** What a wall is made of. */
export interface WallStyle {
  readonly kind: 'brick' | 'plaster' | 'stone' | 'panels' | 'tiles';
  readonly colour: Colour;
  /** Mortar, joints, stains. */
  readonly second: Colour;
  readonly ornate: boolean;
}

/** A wall in u (along) and v (up), metres. */
export function createWallShader(style: WallStyle, seed: number): Shader {
  return (hit, out) => shadeWall(style, seed, hit, out);
}

/** Colour of the bare wall at a point, without windows. */
export function shadeWall(style: WallStyle, seed: number, hit: Hit, out: Surface): void {
  const { colour, second } = style;
  const { u, v, footprint } = hit;
  // Weather: broad stains, streaks that run down, dirt at the foot.
  let tone =
    0.92 + 0.2 * (fbm2(u * 0.45, v * 0.3, seed, 3) - 0.5) + 0.1 * (noise2(u * 2.2, v * 0.12, seed + 7) - 0.5);
  tone *= 0.84 + 0.16 * Math.min(1, v / 0.8);
  let joint = 0;
  switch (style.kind) {
    case 'brick':
      joint = courses(u, v, 0.225, 0.075, 0.012, footprint, seed);
      tone += block.tone * 0.3;
      break;
    case 'stone':
      joint = courses(u, v, 0.62, 0.3, 0.012, footprint, seed);
      tone += block.tone * 0.16;
      break;
    case 'tiles':
      joint = courses(u, v, 0.24, 0.2, 0.02, footprint, seed);
      tone += block.tone * 0.26;
      break;
    case 'panels':
      joint = courses(u, v, 1.5, 1.6, 0.02, footprint, seed);
      tone += block.tone * 0.05;
      break;
    case 'plaster': {
      const grain = Math.max(0, 1 - footprint / 0.03);
      if (grain > 0) tone += grain * 0.06 * (noise2(u * 30, v * 30, seed + 3) - 0.5);
      break;
    }
  }
  out.r = (colour.r + (second.r - colour.r) * joint) * tone;
  out.g = (colour.g + (second.g - colour.g) * joint) * tone;
  out.b = (colour.b + (second.b - colour.b) * joint) * tone;
}

/** Variation of the block that `courses` was last asked about, -0.5 to 0.5, fading with distance (in an object: a bare number here would be allocated anew for every sample). */
const block = { tone: 0.5 };

/** Share of joint at a point of a wall of blocks; sets block.tone. */
function courses(
  u: number,
  v: number,
  long: number,
  high: number,
  gap: number,
  footprint: number,
  seed: number,
): number {
  const average = gap / high + gap / long;
  const sharp = Math.max(0, Math.min(1, 1.6 - (footprint / high) * 2.2));
  if (sharp <= 0) {
    block.tone = 0;
    return average;
  }
  const row = Math.floor(v / high);
  const shifted = u / long + (row & 1) * 0.5;
  const column = Math.floor(shifted);
  block.tone = (hash2(column, row, seed + 1) - 0.5) * sharp;
  const fromEdge = Math.min((v / high - row) * high, (shifted - column) * long);
  const inJoint = fromEdge < gap ? 1 : 0;
  return average + (inJoint - average) * sharp;
}
