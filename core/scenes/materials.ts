import type { Colour } from './colour.ts';
import { noise2 } from './noise.ts';
import type { Shader } from './stage.ts';

/** One colour. */
export function plain(colour: Colour): Shader {
  return (_hit, out) => {
    out.r = colour.r;
    out.g = colour.g;
    out.b = colour.b;
  };
}

/** One colour with stains of about `size` metres. */
export function mottled(colour: Colour, size: number, amount: number, seed: number): Shader {
  const frequency = 1 / size;
  return (hit, out) => {
    const tone = 1 + amount * (noise2(hit.u * frequency, hit.v * frequency, seed) - 0.5) * 2;
    out.r = colour.r * tone;
    out.g = colour.g * tone;
    out.b = colour.b * tone;
  };
}

/** Something that shines by itself. */
export function glowing(colour: Colour, strength: number): Shader {
  return (_hit, out) => {
    out.r = colour.r * 0.3;
    out.g = colour.g * 0.3;
    out.b = colour.b * 0.3;
    out.er = colour.r * strength;
    out.eg = colour.g * strength;
    out.eb = colour.b * strength;
  };
}

/** An upright round thing: lit on the side of the sun, dark at the rims. `middle` and `radius` in u. */
export function rounded(colour: Colour, middle: number, radius: number, sunSide: number): Shader {
  return (hit, out) => {
    const off = Math.max(-1, Math.min(1, (hit.u - middle) / radius));
    const facing = Math.sqrt(1 - off * off);
    const tone = 0.62 + 0.38 * facing;
    out.r = colour.r;
    out.g = colour.g;
    out.b = colour.b;
    out.ambient = tone;
    out.sun = Math.max(0, 0.5 * facing + 0.75 * off * sunSide);
  };
}
