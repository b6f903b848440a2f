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

const LEAVES: readonly Colour[] = [
  rgb(70, 92, 44),
  rgb(84, 104, 52),
  rgb(60, 80, 46),
  rgb(104, 112, 54),
  rgb(92, 84, 48),
  rgb(56, 74, 50),
];

interface Blob {
  u: number;
  v: number;
  radius: number;
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
    const top = crownFoot + (height - crownFoot) * 0.45;
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
      const to = crownFoot + (height - crownFoot) * random.range(0.3, 0.6);
      const reach = crownWidth * random.range(-0.7, 0.7);
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
  const count = bush ? 5 : 11;
  for (let i = 0; i < count; i++) {
    const angle = random.range(0, 2 * Math.PI);
    const out = Math.sqrt(random.next()) * 0.72;
    const radius = Math.min(crownWidth, halfHeight) * random.range(0.36, 0.62);
    blobs.push({
      u: out * cosine(angle) * crownWidth,
      v: Math.max(
        bush ? radius * 0.5 : 0,
        middle + out * sine(angle) * halfHeight * (place.shape === 'tall' ? 1.1 : 0.95),
      ),
      radius,
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
    if (depth > 0.75) return true;
    if (depth < -0.55) return false;
    const ragged = fbm2(u * 2.3, v * 2.3, seed, 3) - 0.5;
    const leaves = noise2(u * 9, v * 9, seed + 5) - 0.5;
    return depth + ragged * 1.5 + leaves * 0.7 > 0.05 + density * 0.2;
  };
  const leaf = times(random.pick(LEAVES), random.range(0.85, 1.25));
  const lightLeaf = mix(leaf, rgb(170, 176, 84), 0.4);
  const shader: Shader = (hit, out) => {
    let weight = 0;
    let nu = 0;
    let nv = 0;
    for (const b of blobs) {
      const du = (hit.u - b.u) / b.radius;
      const dv = (hit.v - b.v) / b.radius;
      const inside = 1.3 - du * du - dv * dv;
      if (inside <= 0) continue;
      const w = inside * inside;
      weight += w;
      nu += du * w;
      nv += dv * w;
    }
    if (weight > 0) {
      nu /= weight;
      nv /= weight;
    }
    const clump = fbm2(hit.u * 1.6, hit.v * 1.6, seed + 11, 3);
    let fleck = 0.5;
    const fine = Math.max(0, 1 - hit.footprint / 0.1);
    if (fine > 0) fleck += fine * (noise2(hit.u * 14, hit.v * 14, seed + 12) - 0.5);
    const tone = 0.45 + 0.65 * clump + 0.5 * (fleck - 0.5);
    const pale = Math.max(0, Math.min(1, fleck * clump * 1.4));
    out.r = (leaf.r + (lightLeaf.r - leaf.r) * pale) * tone;
    out.g = (leaf.g + (lightLeaf.g - leaf.g) * pale) * tone;
    out.b = (leaf.b + (lightLeaf.b - leaf.b) * pale) * tone;
    out.ambient = Math.max(0.3, 0.78 + 0.3 * nv + 0.05 * (hit.v - middle)) * (0.6 + 0.7 * clump);
    out.sun = Math.max(0.05, 0.35 + 0.5 * (nv * sunDirection.y + nu * sunSide)) * (0.35 + clump);
  };
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
