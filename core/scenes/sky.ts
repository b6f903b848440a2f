import type { Light } from './light.ts';
import { fbm2, smoothstep } from './noise.ts';
import type { Surface } from './stage.ts';

/** The sky along a view ray (any length), added to out.er, eg, eb. */
export function shadeSky(light: Light, dx: number, dy: number, dz: number, out: Surface): void {
  const norm = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
  const up = Math.max(0, dy * norm);
  const fall = 1 - Math.min(1, up * 1.6);
  const rise = 1 - fall * fall;
  let r = light.horizon.r + (light.zenith.r - light.horizon.r) * rise;
  let g = light.horizon.g + (light.zenith.g - light.horizon.g) * rise;
  let b = light.horizon.b + (light.zenith.b - light.horizon.b) * rise;

  // Clouds lie on a plane overhead; near the horizon they crowd together and dissolve in haze.
  const k = 1.6 / (up + 0.14);
  const x = dx * norm * k * light.cloudScale;
  const y = dz * norm * k * light.cloudScale;
  const shape = fbm2(x, y * 1.2, light.cloudSeed, 5);
  const threshold = 0.72 - 0.5 * light.cloudCover;
  const amount = smoothstep(threshold - 0.06, threshold + 0.16, shape) * smoothstep(-0.02, 0.12, up);
  if (amount > 0) {
    const body = fbm2(x * 0.9 + 3.1, y * 1.1 - 0.22, light.cloudSeed + 31, 4);
    const lit = smoothstep(0.3, 0.72, body + 0.25 * (0.6 - shape));
    r += (light.cloudDark.r + (light.cloudLit.r - light.cloudDark.r) * lit - r) * amount;
    g += (light.cloudDark.g + (light.cloudLit.g - light.cloudDark.g) * lit - g) * amount;
    b += (light.cloudDark.b + (light.cloudLit.b - light.cloudDark.b) * lit - b) * amount;
  }

  const { sunDirection, sunColour } = light;
  const towards = (dx * sunDirection.x + dy * sunDirection.y + dz * sunDirection.z) * norm;
  if (towards > 0.7 && sunColour.r > 0) {
    const veil = (towards - 0.7) / 0.3;
    const veil4 = veil * veil * veil * veil;
    const veil16 = veil4 * veil4 * veil4 * veil4;
    const glow = veil4 * 0.35 + veil16 * veil16 * 2;
    r += sunColour.r * glow;
    g += sunColour.g * glow;
    b += sunColour.b * glow;
  }
  out.er += r;
  out.eg += g;
  out.eb += b;
}

/**
 * What a smooth surface mirrors in the direction `up` (-1 down to 1 up), cheap: ground, then a dark line of
 * houses, then sky. Added to out.er, eg, eb with this weight.
 */
export function mirrorStreet(light: Light, up: number, weight: number, out: Surface): void {
  const sky = smoothstep(0.1, 0.4, up);
  const ground = 1 - smoothstep(-0.25, 0, up);
  const level = 0.12 * (1 - ground) + 0.16 * ground;
  const rise = smoothstep(0.2, 1, up);
  const dark = level * (1 - sky) * weight;
  const bright = sky * weight;
  const { horizon, zenith, skyLight } = light;
  out.er += dark * skyLight.r + bright * (horizon.r + (zenith.r - horizon.r) * rise);
  out.eg += dark * skyLight.g + bright * (horizon.g + (zenith.g - horizon.g) * rise);
  out.eb += dark * skyLight.b + bright * (horizon.b + (zenith.b - horizon.b) * rise);
}
