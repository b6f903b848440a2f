import type { Shader, Frame, Stage } from '../stage.ts';
import type { Vec3 } from '../vector.ts';
import { cross, dot, subtract, vec } from '../vector.ts';
import { CAR } from '../classes.ts';
import type { CarModel } from './carModels.ts';

/** A point of a car's side view: metres along (front positive) and up. */
export type SidePoint = readonly [a: number, y: number];

/** A car model put into the street: turns its own coordinates into the world's. */
export class CarShape {
  readonly halfLength: number;
  readonly halfWidth: number;
  /** The corners are cut off from here to the ends. */
  private readonly cut: number;
  private readonly chamfer: number;

  constructor(
    readonly stage: Stage,
    readonly model: CarModel,
    private readonly x: number,
    private readonly z: number,
    private readonly headX: number,
    private readonly headZ: number,
    private readonly size: number,
  ) {
    this.halfLength = model.length / 2;
    this.halfWidth = model.width / 2;
    this.cut = this.halfLength - (model.kind === 'bus' ? 0.25 : 0.42);
    this.chamfer = model.kind === 'car' ? 0.17 : 0.1;
  }

  /** `a` along, `s` to the right, `y` up, in the model's metres. */
  at(a: number, s: number, y: number): Vec3 {
    const along = a * this.size;
    const across = s * this.size;
    return vec(
      this.x + along * this.headX + across * this.headZ,
      y * this.size,
      this.z + along * this.headZ - across * this.headX,
    );
  }

  /** Half of the car's width here. */
  widthAt(a: number, y: number): number {
    const { model } = this;
    const lean = Math.max(0, (y - model.beltHeight) / (model.roofHeight - model.beltHeight)) * model.lean;
    const taper = Math.max(0, (Math.abs(a) - this.cut) / (this.halfLength - this.cut)) * this.chamfer;
    return this.halfWidth - lean - taper;
  }

  /** True where the plane through these points shows its outer side, away from the car's middle. */
  isSeen(p0: Vec3, p1: Vec3, p2: Vec3): boolean {
    const outward = cross(subtract(p1, p0), subtract(p2, p0));
    const middle = this.at(0, 0, this.model.beltHeight * 0.8);
    const facing = dot(outward, subtract(p0, middle)) > 0 ? 1 : -1;
    return facing * dot(outward, subtract(this.stage.camera.position, p0)) > 0;
  }

  /** One side of the car as the flat panels that it is made of; `sign` 1 is the right one. */
  side(sign: -1 | 1): SidePanels {
    return new SidePanels(this, sign, this.cut);
  }
}

interface Panel {
  readonly frame: Frame;
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** Takes polygons in side view, cuts them at the panels' edges and puts the pieces on. */
export class SidePanels {
  private readonly panels: Panel[] = [];

  constructor(
    private readonly shape: CarShape,
    private readonly sign: -1 | 1,
    cut: number,
  ) {
    const { model } = shape;
    const far = shape.halfLength + 1;
    for (const [from, to] of [
      [-far, -cut],
      [-cut, cut],
      [cut, far],
    ] as const) {
      for (const [low, high] of [
        [-1, model.beltHeight],
        [model.beltHeight, 9],
      ] as const) {
        const a0 = Math.max(from, -shape.halfLength);
        const a1 = Math.min(to, shape.halfLength);
        const y0 = Math.max(0, low);
        const y1 = Math.min(model.roofHeight, high);
        const points = [this.point(a0, y0), this.point(a1, y0), this.point(a0, y1)] as const;
        if (!shape.isSeen(...points)) continue;
        this.panels.push({ frame: shape.stage.frameThrough(...points), from, to, low, high });
      }
    }
  }

  get seen(): boolean {
    return this.panels.length > 0;
  }

  add(polygon: readonly SidePoint[], shader: Shader): void {
    const { stage } = this.shape;
    for (const { frame, from, to, low, high } of this.panels) {
      let piece = clip(polygon, ([a]) => a - from);
      piece = clip(piece, ([a]) => to - a);
      piece = clip(piece, ([, y]) => y - low);
      piece = clip(piece, ([, y]) => high - y);
      if (piece.length < 3) continue;
      const corners = stage.onFrame(
        frame,
        piece.map(([a, y]) => this.point(a, y)),
      );
      stage.add(frame, corners, CAR, shader);
    }
  }

  private point(a: number, y: number): Vec3 {
    return this.shape.at(a, this.sign * this.shape.widthAt(a, y), y);
  }
}

/** The part of a polygon where `inside` is not negative (it changes linearly). */
function clip(polygon: readonly SidePoint[], inside: (p: SidePoint) => number): SidePoint[] {
  const kept: SidePoint[] = [];
  polygon.forEach((p, i) => {
    const q = polygon[(i + 1) % polygon.length]!;
    const ip = inside(p);
    const iq = inside(q);
    if (ip >= 0) kept.push(p);
    if (ip >= 0 !== iq >= 0) {
      const t = ip / (ip - iq);
      kept.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
    }
  });
  return kept;
}
