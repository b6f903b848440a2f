import { NOTHING } from './rasterizer.ts';
import type { Scene } from './scene.ts';
import { shadeSky } from './sky.ts';
import type { Hit, Surface } from './stage.ts';

const freshSurface = (): Surface => ({ r: 0, g: 0, b: 0, er: 0, eg: 0, eb: 0, ambient: 1, sun: -1 });

/** Turns "this face at this point of the picture" into light. */
export class Shading {
  /** The light of the last sample asked for is in er, eg, eb. */
  readonly sample: Surface = freshSurface();
  private readonly hit: Hit = {
    u: 0,
    v: 0,
    x: 0,
    y: 0,
    z: 0,
    dx: 0,
    dy: 0,
    dz: 0,
    nx: 0,
    ny: 1,
    nz: 0,
    depth: 0,
    footprint: 0,
  };

  constructor(
    private readonly scene: Scene,
    private readonly samplesPerEdge: number,
  ) {}

  shade(faceIndex: number, px: number, py: number): void {
    const { hit, sample: out, scene } = this;
    const { camera, light } = scene.stage;
    const { corner, stepX, stepY, position } = camera;
    hit.dx = corner.x + px * stepX.x + py * stepY.x;
    hit.dy = corner.y + px * stepX.y + py * stepY.y;
    hit.dz = corner.z + px * stepX.z + py * stepY.z;
    out.er = 0;
    out.eg = 0;
    out.eb = 0;
    let normalSun: number;
    if (faceIndex === NOTHING) {
      if (hit.dy >= 0) {
        shadeSky(light, hit.dx, hit.dy, hit.dz, out);
        return;
      }
      hit.depth = -position.y / hit.dy;
      this.place();
      hit.u = hit.x;
      hit.v = hit.z;
      out.ambient = 1;
      out.sun = -1;
      scene.ground.shade(hit, out);
      normalSun = light.sunDirection.y;
      out.ambient *= scene.shadows.openness(hit.x, hit.z);
    } else {
      const face = scene.stage.faces[faceIndex]!;
      const { inverseDepth, uRay, vRay, uCamera, vCamera, normal } = face.frame;
      hit.depth = 1 / (inverseDepth.x * px + inverseDepth.y * py + inverseDepth.c);
      hit.u = uCamera + hit.depth * (uRay.x * px + uRay.y * py + uRay.c);
      hit.v = vCamera + hit.depth * (vRay.x * px + vRay.y * py + vRay.c);
      this.place();
      // On a wall that runs away from us a sample is longer than it is high: blur a little more.
      const facing = Math.abs(hit.dx * normal.x + hit.dy * normal.y + hit.dz * normal.z);
      hit.footprint /= Math.sqrt(Math.max(0.06, Math.min(1, facing)));
      hit.nx = normal.x;
      hit.ny = normal.y;
      hit.nz = normal.z;
      out.ambient = 1;
      out.sun = -1;
      face.shader(hit, out);
      const { sunDirection } = light;
      normalSun = normal.x * sunDirection.x + normal.y * sunDirection.y + normal.z * sunDirection.z;
      // Walls see half of the sky, and less of it close to the ground.
      out.ambient *= (0.66 + 0.34 * normal.y) * (0.8 + 0.2 * Math.min(1, hit.y / 3));
    }
    let sun = out.sun >= 0 ? out.sun : Math.max(0, normalSun);
    if (sun > 0 && light.sunColour.r > 0) sun *= scene.shadows.sunAt(hit.x, hit.y, hit.z);
    const { skyLight, sunColour, hazeColour } = light;
    const r = out.r * (skyLight.r * out.ambient + sunColour.r * sun) + out.er;
    const g = out.g * (skyLight.g * out.ambient + sunColour.g * sun) + out.eg;
    const b = out.b * (skyLight.b * out.ambient + sunColour.b * sun) + out.eb;
    const thick = hit.depth * light.haze;
    const veil = 1 - 1 / (1 + thick + 0.5 * thick * thick);
    out.er = r + (hazeColour.r - r) * veil;
    out.eg = g + (hazeColour.g - g) * veil;
    out.eb = b + (hazeColour.b - b) * veil;
  }

  private place(): void {
    const { hit } = this;
    const { camera } = this.scene.stage;
    hit.x = camera.position.x + hit.depth * hit.dx;
    hit.y = camera.position.y + hit.depth * hit.dy;
    hit.z = camera.position.z + hit.depth * hit.dz;
    hit.footprint = hit.depth / (camera.focalPixels * this.samplesPerEdge);
  }
}
