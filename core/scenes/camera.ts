import { cosine, sine } from './trigonometry.ts';
import type { Vec3 } from './vector.ts';
import { add, scale, subtract, vec } from './vector.ts';

/** Where the camera is and looks; angles in radians, all small. */
export interface CameraPose {
  readonly position: Vec3;
  /** To the right. */
  readonly yaw: number;
  /** Down. */
  readonly pitch: number;
  /** Clockwise. */
  readonly roll: number;
  /** Focal length in picture widths (of a 4:3 picture). */
  readonly focal: number;
}

/** A pinhole camera for one picture size. The ray of pixel point (px, py) is corner + px * stepX + py * stepY. */
export interface Camera {
  readonly position: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
  readonly focalPixels: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly corner: Vec3;
  readonly stepX: Vec3;
  readonly stepY: Vec3;
}

export function createCamera(pose: CameraPose, width: number, height: number): Camera {
  const focalPixels = pose.focal * Math.max(width, (height * 4) / 3);
  const cy = cosine(pose.yaw);
  const sy = sine(pose.yaw);
  const cp = cosine(pose.pitch);
  const sp = sine(pose.pitch);
  const forward = vec(sy * cp, -sp, cy * cp);
  const level = vec(cy, 0, -sy);
  const upright = vec(sy * sp, cp, cy * sp);
  const cr = cosine(pose.roll);
  const sr = sine(pose.roll);
  const right = add(scale(level, cr), scale(upright, -sr));
  const up = add(scale(upright, cr), scale(level, sr));
  const centreX = width / 2;
  const centreY = height / 2;
  const stepX = scale(right, 1 / focalPixels);
  const stepY = scale(up, -1 / focalPixels);
  const corner = subtract(subtract(forward, scale(stepX, centreX)), scale(stepY, centreY));
  return {
    position: pose.position,
    right,
    up,
    forward,
    focalPixels,
    centreX,
    centreY,
    corner,
    stepX,
    stepY,
  };
}
