import { TREE } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { mix, rgb, times } from '../colour.ts';
import { rounded } from '../materials.ts';
import { fbm2, noise2 } from '../noise.ts';
import type { Random } from '../random.ts';
import { ellipse } from '../shapes.ts';
import type { Frame, Shader } from '../stage.ts';
import { cosine, sine } from '../trigonometry.ts';
import type { Site } from './site.ts';

export interface TreePlace {
  readonly x: number;
  readonly z: number;
  /** Metres to the top. */
  readonly height: number;
  readonly shape: 'round' | 'tall' | 'bush';
}

const LEAVES: readonly (readonly [Colour, number])[] = [
  [rgb(88, 112, 54), 4],
  [rgb(104, 124, 62), 4],
  [rgb(76, 100, 56), 4],
  [rgb(126, 134, 64), 2],
  [rgb(146, 122, 56), 1],
  [rgb(68, 90, 60), 2],
  [rgb(120, 84, 62), 0.5],
];

interface Blob {
  u: number;
  v: number;
  radius: number;
  /** Nearer masses hide the ones behind. */
  front: number;
}

/** Trunk, a few boughs and a crown of overlapping leafy masses with a ragged edge. */
export function addTree(site: Site, place: TreePlace, random: Random): void {
  const { stage, shadows } = site;
  const frame = stage.billboard(place.x, place.z);
  const { sunDirection } = stage.light;
  const sunSide = sunDirection.x * frame.u.x + sunDirection.z * frame.u.z;
  const { height } = place;
  const bush = place.shape === 'bush';
  const crownFoot = bush ? 0 : height * random.range(0.22, 0.38);
  const crownWidth =
    height *
    (bush
      ? random.range(0.5, 0.9)
      : place.shape === 'tall'
        ? random.range(0.16, 0.22)
        : random.range(0.3, 0.42));

  if (!bush) {
    const bark = mix(rgb(92, 80, 66), rgb(70, 66, 62), random.next());
    const girth = height * random.range(0.016, 0.026);
    const lean = random.range(-0.03, 0.03) * height;
    const top = crownFoot + (height - crownFoot) * 0.35;
    stage.add(
      frame,
      [
        -girth * 1.5,
        0,
        girth * 1.5,
        0,
        girth,
        0.4,
        lean + girth * 0.6,
        top,
        lean - girth * 0.6,
        top,
        -girth,
        0.4,
      ],
      TREE,
      rounded(bark, 0, girth * 1.2, sunSide),
    );
    for (let i = 0; i < 5; i++) {
      const from = crownFoot * random.range(0.75, 1) + i * 0.2;
      const to = crownFoot + (height - crownFoot) * random.range(0.2, 0.42);
      const reach = crownWidth * random.range(-0.5, 0.5);
      const w = girth * 0.45;
      stage.add(
        frame,
        [-w, from, w, from, reach + w * 0.4, to, reach - w * 0.4, to],
        TREE,
        rounded(bark, 0, girth, sunSide),
      );
    }
  }

  const blobs: Blob[] = [];
  const middle = (crownFoot + height) / 2;
  const halfHeight = (height - crownFoot) / 2;
  const count = bush ? 8 : 22;
  const broad = Math.min(crownWidth, halfHeight);
  for (let i = 0; i < count; i++) {
    const angle = random.range(0, 2 * Math.PI);
    const out = Math.sqrt(random.next()) * 0.8;
    const radius = broad * random.range(0.26, 0.5) * (1.15 - 0.35 * out);
    // Rounder above than below.
    const rise = out * sine(angle) * halfHeight * 0.95;
    blobs.push({
      u: out * cosine(angle) * crownWidth,
      v: Math.max(bush ? radius * 0.6 : crownFoot + radius * 0.3, middle + (rise < 0 ? rise * 0.85 : rise)),
      radius,
      front: random.range(0, 0.7),
    });
  }
  addCrown(site, frame, blobs, middle, sunSide, random);

  shadows.addContact({
    x: place.x,
    z: place.z,
    alongX: 1,
    alongZ: 0,
    halfLength: 0.2,
    halfWidth: 0.2,
    softness: bush ? height : 0.6,
    strength: 0.55,
  });
  if (!bush) {
    shadows.addBall({ x: place.x, y: middle, z: place.z, radius: Math.min(crownWidth, halfHeight) * 0.95 });
    shadows.addBox({
      x: place.x,
      z: place.z,
      alongX: 1,
      alongZ: 0,
      halfLength: height * 0.02,
      halfWidth: height * 0.02,
      bottom: 0,
      top: crownFoot,
    });
  }
}

function addCrown(
  site: Site,
  frame: Frame,
  blobs: readonly Blob[],
  middle: number,
  sunSide: number,
  random: Random,
): void {
  const seed = random.int(0, 1 << 30);
  const { sunDirection } = site.stage.light;
  const density = random.range(0.25, 0.5);
  let left = Infinity;
  let right = -Infinity;
  let low = Infinity;
  let high = -Infinity;
  for (const b of blobs) {
    left = Math.min(left, b.u - b.radius * 1.25);
    right = Math.max(right, b.u + b.radius * 1.25);
    low = Math.min(low, b.v - b.radius * 1.25);
    high = Math.max(high, b.v + b.radius * 1.25);
  }
  /** Positive inside the crown; how deep, in blob radii. */
  const depthAt = (u: number, v: number): number => {
    let best = -1;
    for (const b of blobs) {
      const du = u - b.u;
      const dv = v - b.v;
      const inside = 1 - (du * du + dv * dv) / (b.radius * b.radius);
      if (inside > best) best = inside;
    }
    return best;
  };
  const cover = (u: number, v: number): boolean => {
    const depth = depthAt(u, v);
    if (depth < -0.35) return false;
    const ragged = fbm2(u * 2.6, v * 2.6, seed, 2) - 0.5;
    if (depth > 0.6) return ragged > -0.38;
    const leaves = noise2(u * 8, v * 8, seed + 5) + 0.6 * noise2(u * 19, v * 19, seed + 6) - 0.8;
    return depth + ragged * 1.1 + leaves * 0.8 > 0.02 + density * 0.2;
  };
  const leaf = times(random.weighted(LEAVES), random.range(0.85, 1.3));
  const lightLeaf = mix(leaf, rgb(190, 196, 96), 0.45);
  const shader: Shader = (hit, out) => {
    let best = -9;
    let nu = 0;
    let nv = 0;
    const { u, v } = hit;
    // The edges of the masses are as ragged as the crown's.
    const jitter = 0.5 * (noise2(u * 5, v * 5, seed + 21) - 0.5);
    for (const b of blobs) {
      const du = (u - b.u) / b.radius;
      const dv = (v - b.v) / b.radius;
      const inside = 1 - du * du - dv * dv;
      const height = inside + jitter > 0 ? inside * 0.6 + b.front : inside - 1;
      if (height > best) {
        best = height;
        nu = du;
        nv = dv;
      }
    }
    const norm = nu * nu + nv * nv;
    if (norm > 1) {
      const k = 1 / Math.sqrt(norm);
      nu *= k;
      nv *= k;
    }
    const clump = fbm2(u * 2.4, v * 2.4, seed + 11, 3);
    let fleck = 0.5;
    const fine = Math.max(0, 1 - hit.footprint / 0.09);
    if (fine > 0) {
      fleck += fine * (noise2(u * 13, v * 13, seed + 12) - 0.5) * 0.8;
      fleck += fine * (noise2(u * 31, v * 31, seed + 13) - 0.5) * 0.6;
    }
    const tone = 0.72 + 0.5 * (clump - 0.5) + 0.9 * (fleck - 0.5);
    const pale = Math.max(0, Math.min(1, (fleck + clump + 0.3 * nv - 0.75) * 0.9));
    out.r = Math.max(0, (leaf.r + (lightLeaf.r - leaf.r) * pale) * tone);
    out.g = Math.max(0, (leaf.g + (lightLeaf.g - leaf.g) * pale) * tone);
    out.b = Math.max(0, (leaf.b + (lightLeaf.b - leaf.b) * pale) * tone);
    const high = Math.max(-1, Math.min(1, (v - middle) / ((high0 - low0) / 2)));
    out.ambient = Math.max(0.25, 0.7 + 0.34 * nv + 0.2 * high) * (0.55 + 0.9 * clump);
    out.sun =
      Math.max(0.04, 0.3 + 0.42 * nv * sunDirection.y + 0.35 * nu * sunSide + 0.2 * high) * (0.3 + clump);
  };
  const low0 = low;
  const high0 = high;
  const polygon = ellipse(
    (left + right) / 2,
    (low + high) / 2,
    ((right - left) / 2) * 1.15,
    ((high - low) / 2) * 1.15,
    20,
  );
  // Nothing grows below the ground.
  for (let i = 1; i < polygon.length; i += 2) polygon[i] = Math.max(0, polygon[i]!);
  site.stage.add(frame, polygon, TREE, shader, cover);
}
