import type { Camera } from './camera.ts';
import type { Light } from './light.ts';
import type { Vec3 } from './vector.ts';
import { add, cross, dot, length, normalise, scale, subtract, vec } from './vector.ts';

/** What a shader is asked: one point of a surface. Reused from sample to sample. */
export interface Hit {
  /** On the face's frame, metres. */
  u: number;
  v: number;
  /** In the world, metres. */
  x: number;
  y: number;
  z: number;
  /** View ray, one unit long in the direction of the camera's axis. */
  dx: number;
  dy: number;
  dz: number;
  /** The face's normal, unit, on the camera's side. */
  nx: number;
  ny: number;
  nz: number;
  /** Metres along the camera's axis. */
  depth: number;
  /** Metres that one sample covers here: detail finer than this must be averaged away. */
  footprint: number;
}

/** What a shader answers. Reset before each call to the defaults named here. */
export interface Surface {
  /** Share of light sent back, by colour; must be set. */
  r: number;
  g: number;
  b: number;
  /** Light that leaves whatever falls in (lamps, reflections); 0. */
  er: number;
  eg: number;
  eb: number;
  /** How much of the sky's light arrives; 1. */
  ambient: number;
  /** How much of the sun's light arrives, times cosine; below 0: from the face's normal. -1. */
  sun: number;
}

export type Shader = (hit: Hit, out: Surface) => void;

/** A plane with coordinates on it, ready for the camera: 1/depth, and u/depth, v/depth are linear in the picture. */
export interface Frame {
  readonly origin: Vec3;
  readonly u: Vec3;
  readonly v: Vec3;
  /** Unit, on the camera's side. */
  readonly normal: Vec3;
  readonly inverseDepth: Linear;
  readonly uRay: Linear;
  readonly vRay: Linear;
  readonly uCamera: number;
  readonly vCamera: number;
}

/** x * px + y * py + c. */
interface Linear {
  readonly x: number;
  readonly y: number;
  readonly c: number;
}

/** A polygon on a frame. Of two on the same frame the later one covers the earlier one. */
export interface Face {
  readonly frame: Frame;
  readonly classId: number;
  readonly shader: Shader;
  /** Which points of the polygon are really there; all, where absent. */
  readonly cover: ((u: number, v: number) => boolean) | undefined;
  /** Corners in the picture: px, py, px, py, ... */
  readonly outline: Float64Array;
  readonly top: number;
  readonly bottom: number;
}

const NEAR = 0.25;

/** Everything that stands in front of the camera. */
export class Stage {
  readonly faces: Face[] = [];

  constructor(
    readonly camera: Camera,
    readonly light: Light,
  ) {}

  /** `u` and `v` are perpendicular unit vectors. */
  frame(origin: Vec3, u: Vec3, v: Vec3): Frame {
    const { camera } = this;
    const across = cross(u, v);
    const toOrigin = subtract(origin, camera.position);
    const distance = dot(across, toOrigin);
    // A plane seen exactly edge-on has no picture; nudge it rather than divide by zero.
    const safe = Math.abs(distance) < 1e-6 ? 1e-6 : distance;
    const linear = (axis: Vec3, k: number): Linear => ({
      x: dot(axis, camera.stepX) * k,
      y: dot(axis, camera.stepY) * k,
      c: dot(axis, camera.corner) * k,
    });
    return {
      origin,
      u,
      v,
      normal: distance > 0 ? scale(across, -1) : across,
      inverseDepth: linear(across, 1 / safe),
      uRay: linear(u, 1),
      vRay: linear(v, 1),
      uCamera: -dot(u, toOrigin),
      vCamera: -dot(v, toOrigin),
    };
  }

  /** Upright, turned to the camera, u to the right, v up, origin on the ground. */
  billboard(x: number, z: number, y = 0): Frame {
    const { position } = this.camera;
    const away = normalise(vec(x - position.x, 0, z - position.z));
    return this.frame(vec(x, y, z), vec(away.z, 0, -away.x), vec(0, 1, 0));
  }

  /** Corners on a frame of world points that lie in its plane. */
  onFrame(frame: Frame, points: readonly Vec3[]): number[] {
    return points.flatMap((point) => {
      const offset = subtract(point, frame.origin);
      return [dot(offset, frame.u), dot(offset, frame.v)];
    });
  }

  /** From three corners: the first is the origin, u runs to the second, v to the side of the third. */
  frameThrough(a: Vec3, b: Vec3, c: Vec3): Frame {
    const u = normalise(subtract(b, a));
    const toC = subtract(c, a);
    const v = normalise(subtract(toC, scale(u, dot(toC, u))));
    return this.frame(a, u, v);
  }

  /** A polygon of world points that lie in one plane. */
  addPolygon(points: readonly Vec3[], classId: number, shader: Shader): void {
    const [a, b, c] = points;
    if (!a || !b || !c) return;
    const frame = this.frameThrough(a, b, c);
    this.add(frame, this.onFrame(frame, points), classId, shader);
  }

  /** `corners`: u, v, u, v, ... in metres on the frame. */
  add(
    frame: Frame,
    corners: readonly number[],
    classId: number,
    shader: Shader,
    cover?: (u: number, v: number) => boolean,
  ): void {
    const outline = this.project(frame, corners);
    if (outline.length < 6) return;
    let top = Infinity;
    let bottom = -Infinity;
    for (let i = 1; i < outline.length; i += 2) {
      top = Math.min(top, outline[i]!);
      bottom = Math.max(bottom, outline[i]!);
    }
    this.faces.push({ frame, classId, shader, cover, outline: Float64Array.from(outline), top, bottom });
  }

  /** Metres at this distance that look as wide as the given share of the picture's width. */
  metresAt(depth: number, share: number): number {
    return (depth * share * this.camera.centreX * 2) / this.camera.focalPixels;
  }

  private project(frame: Frame, corners: readonly number[]): number[] {
    const { camera } = this;
    const points: Vec3[] = [];
    for (let i = 0; i + 1 < corners.length; i += 2) {
      const world = add(frame.origin, add(scale(frame.u, corners[i]!), scale(frame.v, corners[i + 1]!)));
      const ray = subtract(world, camera.position);
      points.push(vec(dot(ray, camera.right), dot(ray, camera.up), dot(ray, camera.forward)));
    }
    const outline: number[] = [];
    const emit = (p: Vec3): void => {
      outline.push(
        camera.centreX + (p.x / p.z) * camera.focalPixels,
        camera.centreY - (p.y / p.z) * camera.focalPixels,
      );
    };
    points.forEach((point, index) => {
      const next = points[(index + 1) % points.length]!;
      if (point.z >= NEAR) emit(point);
      if (point.z >= NEAR !== next.z >= NEAR) {
        const t = (NEAR - point.z) / (next.z - point.z);
        emit(add(point, scale(subtract(next, point), t)));
      }
    });
    return outline;
  }
}

/** Horizontal distance from the camera, metres. */
export function distanceTo(stage: Stage, x: number, z: number): number {
  const { position } = stage.camera;
  return length(vec(x - position.x, 0, z - position.z));
}
