import { hash2 } from './noise.ts';
import type { Random } from './random.ts';

/** What a cheap camera does to the light that reaches it. */
export interface Photo {
  readonly exposure: number;
  /** Gains of the white balance. */
  readonly red: number;
  readonly blue: number;
  /** Darkening of the corners, 0 to 1. */
  readonly vignette: number;
  /** Standard deviation of the noise in code values, at mid grey. */
  readonly noise: number;
  /** Weight of the neighbours on each side, 0 to 0.33. */
  readonly blur: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly seed: number;
}

export function createPhoto(random: Random): Photo {
  const warmth = random.range(-0.06, 0.06);
  return {
    exposure: random.range(0.8, 1.25),
    red: 1 + warmth,
    blue: 1 - warmth,
    vignette: random.range(0.05, 0.3),
    noise: random.range(0.7, 2.4),
    blur: random.range(0.06, 0.16),
    contrast: random.range(0.9, 1.2),
    saturation: random.range(0.85, 1.1),
    seed: random.int(0, 1 << 30),
  };
}

/** `light`: [height, width, 3] linear. Blur, vignette, exposure, tone curve, noise; 8 bits, opaque. */
export function developPhoto(
  light: Float32Array,
  width: number,
  height: number,
  photo: Photo,
): Uint8ClampedArray {
  const soft = blurRows(light, width, height, photo.blur);
  const data = new Uint8ClampedArray(width * height * 4);
  const { blur } = photo;
  const centre = 1 - 2 * blur;
  const code: [number, number, number] = [0, 0, 0];
  const gains = [photo.red * photo.exposure, photo.exposure, photo.blue * photo.exposure] as const;
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    const fy = (2 * (y + 0.5)) / height - 1;
    for (let x = 0; x < width; x++) {
      const fx = (2 * (x + 0.5)) / width - 1;
      const dim = 1 - photo.vignette * 0.5 * (fx * fx + fy * fy);
      const at = y * width + x;
      for (let c = 0; c < 3; c++) {
        const sum =
          soft[3 * at + c]! * centre + (soft[3 * (above + x) + c]! + soft[3 * (below + x) + c]!) * blur;
        code[c] = toneCurve(sum * gains[c]! * dim, photo.contrast);
      }
      const grey = 0.3 * code[0] + 0.59 * code[1] + 0.11 * code[2];
      // Sum of three uniform numbers: near enough to a bell.
      const grain =
        (hash2(x, y, photo.seed) + hash2(x, y, photo.seed + 1) + hash2(x, y, photo.seed + 2) - 1.5) *
        2 *
        photo.noise;
      for (let c = 0; c < 3; c++) {
        const tint = (hash2(x, y, photo.seed + 3 + c) - 0.5) * 2 * photo.noise;
        data[4 * at + c] = 255 * (grey + (code[c]! - grey) * photo.saturation) + grain + tint;
      }
      data[4 * at + 3] = 255;
    }
  }
  return data;
}

/** Square-root encoding, a shoulder so that highlights roll off, a gentle S for contrast. In and out 0 to 1. */
function toneCurve(value: number, contrast: number): number {
  const rolled = value < 0.6 ? value : 0.6 + (0.45 * (value - 0.6)) / (value - 0.6 + 0.45);
  const code = Math.sqrt(rolled);
  const bent = code * code * (3 - 2 * code);
  return code + (bent - code) * (contrast - 0.6) * 0.9;
}

function blurRows(light: Float32Array, width: number, height: number, blur: number): Float32Array {
  const soft = new Float32Array(light.length);
  const centre = 1 - 2 * blur;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      const left = x > 0 ? at - 3 : at;
      const right = x < width - 1 ? at + 3 : at;
      for (let c = 0; c < 3; c++) {
        soft[at + c] = light[at + c]! * centre + (light[left + c]! + light[right + c]!) * blur;
      }
    }
  }
  return soft;
}
