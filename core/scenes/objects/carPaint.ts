import type { Colour } from '../colour.ts';
import { times } from '../colour.ts';
import type { Light } from '../light.ts';
import { mirrorStreet } from '../sky.ts';
import type { Hit, Shader, Surface } from '../stage.ts';

/** Lacquer: its colour, and the street mirrored in it, the more the flatter one looks. */
export function bodyPaint(light: Light, colour: Colour): Shader {
  const body = times(colour, 0.88);
  return (hit, out) => {
    out.r = body.r;
    out.g = body.g;
    out.b = body.b;
    // Sheet metal swells: upper parts lean back to the sky, lower parts to the road.
    shine(light, hit, out, (hit.y - 0.68) * 0.5, 0.04);
  };
}

/** Tinted glass: a dim view of the inside (how bright), the street mirrored. */
export function windowGlass(light: Light, inside = 0.03): Shader {
  return (hit, out) => {
    out.r = inside * 0.9;
    out.g = inside;
    out.b = inside * 1.05;
    out.sun = 0.2;
    shine(light, hit, out, 0.05, 0.055);
  };
}

/** Adds what is mirrored. `lean`: how far the surface really turns up; `least`: share mirrored head-on. */
function shine(light: Light, hit: Hit, out: Surface, lean: number, least: number): void {
  const view = 1 / Math.sqrt(hit.dx * hit.dx + hit.dy * hit.dy + hit.dz * hit.dz);
  const ny = hit.ny + lean;
  const norm = 1 / Math.sqrt(hit.nx * hit.nx + ny * ny + hit.nz * hit.nz);
  const towards = -(hit.dx * hit.nx + hit.dy * ny + hit.dz * hit.nz) * view * norm;
  const up = hit.dy * view + 2 * towards * ny * norm;
  const flat = 1 - Math.max(0, Math.min(1, towards));
  const weight = least + (0.36 - least) * flat * flat * flat;
  mirrorStreet(light, up, weight, out);
  const { sunDirection, sunColour } = light;
  if (sunColour.r > 0) {
    // A highlight where the mirrored ray comes near the sun.
    const k = 2 * towards * norm;
    const rx = hit.dx * view + k * hit.nx;
    const rz = hit.dz * view + k * hit.nz;
    const near = rx * sunDirection.x + up * sunDirection.y + rz * sunDirection.z;
    if (near > 0.8) {
      const spot = (near - 0.8) * 5;
      const glint = spot * spot * spot * spot * 0.5;
      out.er += sunColour.r * glint;
      out.eg += sunColour.g * glint;
      out.eb += sunColour.b * glint;
    }
  }
}
