import { BUILDING } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb, times } from '../colour.ts';
import { plain } from '../materials.ts';
import type { Random } from '../random.ts';
import { rectangle } from '../shapes.ts';
import { mirrorStreet } from '../sky.ts';
import type { Shader, Stage } from '../stage.ts';
import type { Vec3 } from '../vector.ts';
import { length, subtract } from '../vector.ts';
import type { FacadeStyle } from './facadeStyle.ts';
import { createWallShader } from './wall.ts';

/** A point at a house front: metres from its left corner, out towards the street, up. */
export type AtFront = (u: number, out: number, y: number) => Vec3;

/** A blind of cloth over a shop window. */
export function addAwning(stage: Stage, at: AtFront, wide: number, style: FacadeStyle, random: Random): void {
  const top = style.groundHeight - 0.85;
  const low = top - random.range(0.55, 0.8);
  const out = random.range(0.9, 1.4);
  const main = random.pick([
    rgb(150, 36, 36),
    rgb(36, 80, 60),
    rgb(40, 60, 110),
    rgb(190, 150, 60),
    rgb(120, 120, 120),
  ]);
  const striped = random.chance(0.5);
  const pale = rgb(228, 224, 212);
  const cloth: Shader = (hit, o) => {
    const stripe = striped && hit.u / 0.5 - Math.floor(hit.u / 0.5) < 0.5;
    const c: Colour = stripe ? pale : main;
    o.r = c.r;
    o.g = c.g;
    o.b = c.b;
  };
  const left = 0.3;
  const right = wide - 0.3;
  stage.addPolygon(
    [at(left, out, low), at(right, out, low), at(right, 0.02, top), at(left, 0.02, top)],
    BUILDING,
    cloth,
  );
  stage.addPolygon(
    [at(left, out, low - 0.22), at(right, out, low - 0.22), at(right, out, low), at(left, out, low)],
    BUILDING,
    cloth,
  );
  const side = plain(times(main, 0.7));
  for (const u of [left, right]) {
    stage.addPolygon([at(u, 0, top), at(u, 0, low), at(u, out, low)], BUILDING, side);
  }
}

/** A window that stands out from the ground floor on three sides, with its own small roof. */
export function addBayWindow(
  stage: Stage,
  at: AtFront,
  middle: number,
  style: FacadeStyle,
  seed: number,
): void {
  const high = Math.min(style.groundHeight - 0.25, 2.95);
  const out = 0.65;
  const outline = [
    [middle - 1.15, 0],
    [middle - 0.62, out],
    [middle + 0.62, out],
    [middle + 1.15, 0],
  ] as const;
  const wall = createWallShader({ ...style.wall, ornate: false }, seed);
  const frameColour = plain(style.frame);
  const trim = plain(style.trim);
  const glass: Shader = (hit, o) => {
    o.r = 0.03;
    o.g = 0.03;
    o.b = 0.033;
    const norm = 1 / Math.sqrt(hit.dx * hit.dx + hit.dy * hit.dy + hit.dz * hit.dz);
    const lit = stage.light.evening && seed % 3 === 0;
    if (lit) {
      o.er += 0.7;
      o.eg += 0.5;
      o.eb += 0.24;
    }
    mirrorStreet(stage.light, hit.dy * norm + (hit.y - 1.7) * 0.25, 0.28, o);
  };
  for (let i = 0; i < 3; i++) {
    const [u0, o0] = outline[i]!;
    const [u1, o1] = outline[i + 1]!;
    const foot = at(u0, o0, 0);
    const end = at(u1, o1, 0);
    const wide = length(subtract(end, foot));
    const frame = stage.frameThrough(foot, end, at(u0, o0, 1));
    const put = (corners: readonly number[], shader: Shader): void =>
      stage.add(frame, corners, BUILDING, shader);
    put(rectangle(0, 0, wide, high), wall);
    put(rectangle(0, 0.78, wide, 0.88), trim);
    put(rectangle(0.06, 0.88, wide - 0.06, high - 0.2), frameColour);
    const panes = i === 1 ? 2 : 1;
    const pane = (wide - 0.12) / panes;
    for (let p = 0; p < panes; p++) {
      const u = 0.06 + p * pane;
      put(rectangle(u + 0.05, 0.94, u + pane - 0.05, 1.72), glass);
      put(rectangle(u + 0.05, 1.78, u + pane - 0.05, high - 0.26), glass);
    }
    put(rectangle(0, high - 0.16, wide, high), trim);
    stage.addPolygon(
      [
        at(u0, o0 + 0.06, high),
        at(u1, o1 + 0.06, high),
        at(middle + (u1 - middle) * 0.6, 0, high + 0.45),
        at(middle + (u0 - middle) * 0.6, 0, high + 0.45),
      ],
      BUILDING,
      plain(times(style.roofColour, 0.9)),
    );
  }
}
