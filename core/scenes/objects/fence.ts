import { FENCE } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb } from '../colour.ts';
import { plain } from '../materials.ts';
import { fbm2, noise2 } from '../noise.ts';
import type { Random } from '../random.ts';
import type { Shader } from '../stage.ts';
import { vec } from '../vector.ts';
import type { Site } from './site.ts';
import { createWallShader } from './wall.ts';

export type FenceKind = 'railing' | 'wall' | 'hedge' | 'boards' | 'guard';

export interface FenceRun {
  readonly x0: number;
  readonly z0: number;
  readonly x1: number;
  readonly z1: number;
  readonly kind: FenceKind;
  readonly height: number;
}

/** How a whole run of fence looks, so that its pieces match. */
export interface FenceLook {
  readonly colour: Colour;
  readonly seed: number;
}

export function createFenceLook(kind: FenceKind, random: Random): FenceLook {
  const seed = random.int(0, 1 << 30);
  switch (kind) {
    case 'railing':
      return { colour: random.pick([rgb(30, 32, 34), rgb(36, 56, 46), rgb(60, 64, 70)]), seed };
    case 'guard':
      return { colour: random.pick([rgb(150, 154, 158), rgb(60, 62, 66), rgb(40, 70, 56)]), seed };
    case 'wall':
      return {
        colour: random.pick([rgb(150, 96, 74), rgb(176, 150, 108), rgb(170, 164, 150), rgb(130, 80, 66)]),
        seed,
      };
    case 'hedge':
      return { colour: random.pick([rgb(54, 76, 42), rgb(70, 88, 46)]), seed };
    case 'boards':
      return { colour: random.pick([rgb(130, 100, 70), rgb(110, 94, 78), rgb(150, 122, 84)]), seed };
  }
}

/** One straight piece between two places on the ground. */
export function addFence(site: Site, run: FenceRun, look: FenceLook): void {
  const { stage } = site;
  const { height, kind } = run;
  const alongX = run.x1 - run.x0;
  const alongZ = run.z1 - run.z0;
  const long = Math.sqrt(alongX * alongX + alongZ * alongZ);
  const frame = stage.frameThrough(vec(run.x0, 0, run.z0), vec(run.x1, 0, run.z1), vec(run.x0, 1, run.z0));
  const box = [0, 0, long, 0, long, height, 0, height];
  switch (kind) {
    case 'railing':
    case 'guard': {
      const gap = kind === 'railing' ? 0.14 : 0.11;
      const bar = kind === 'railing' ? 0.032 : 0.026;
      const dwarf = kind === 'railing' && look.seed % 2 === 0 ? 0.35 : 0.06;
      const cover = (u: number, v: number): boolean => {
        if (v < dwarf && dwarf > 0.1) return true;
        if (Math.abs(v - (height - 0.07)) < 0.035 || Math.abs(v - dwarf - 0.08) < 0.03) return true;
        if (u < 0.06 || u > long - 0.06) return true;
        const phase = u / gap - Math.floor(u / gap);
        return phase * gap < bar;
      };
      const { colour } = look;
      const stone = rgb(150, 146, 136);
      const shader: Shader = (hit, out) => {
        const c = hit.v < dwarf && dwarf > 0.1 ? stone : colour;
        out.r = c.r;
        out.g = c.g;
        out.b = c.b;
      };
      stage.add(frame, box, FENCE, shader, cover);
      return;
    }
    case 'wall':
      stage.add(
        frame,
        box,
        FENCE,
        createWallShader(
          { kind: 'brick', colour: look.colour, second: rgb(170, 160, 146), ornate: false },
          look.seed,
        ),
      );
      stage.add(
        frame,
        [0, height - 0.08, long, height - 0.08, long, height, 0, height],
        FENCE,
        plain(rgb(168, 162, 150)),
      );
      return;
    case 'boards': {
      const { colour, seed } = look;
      stage.add(frame, box, FENCE, (hit, out) => {
        const plank = hit.u / 0.12;
        const index = Math.floor(plank);
        const edge = plank - index < 0.1 && hit.footprint < 0.06;
        const tone =
          (edge ? 0.5 : 0.85 + 0.3 * noise2(index * 7.3, hit.v * 0.6, seed)) *
          (0.9 + 0.2 * noise2(hit.u * 1.3, hit.v, seed));
        out.r = colour.r * tone;
        out.g = colour.g * tone;
        out.b = colour.b * tone;
      });
      return;
    }
    case 'hedge': {
      const { colour, seed } = look;
      const cover = (u: number, v: number): boolean =>
        v < height - 0.12 || v < height - 0.14 + 0.2 * fbm2(u * 3 + run.z0, 3, seed, 3);
      stage.add(
        frame,
        box,
        FENCE,
        (hit, out) => {
          const tone =
            0.4 + 0.9 * fbm2((hit.u + run.z0) * 5, hit.v * 5, seed, 3) * (0.55 + (0.45 * hit.v) / height);
          out.r = colour.r * tone;
          out.g = colour.g * tone;
          out.b = colour.b * tone;
        },
        cover,
      );
    }
  }
}
