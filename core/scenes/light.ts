import type { Colour } from './colour.ts';
import { mix, rgb, times } from './colour.ts';
import type { Random } from './random.ts';
import { cosine, sine } from './trigonometry.ts';
import type { Vec3 } from './vector.ts';
import { vec } from './vector.ts';

/** The weather of one scene. */
export interface Light {
  /** Unit, towards the sun. */
  readonly sunDirection: Vec3;
  /** Black where clouds hide it. */
  readonly sunColour: Colour;
  /** Light of the whole sky on a surface that looks up. */
  readonly skyLight: Colour;
  readonly zenith: Colour;
  readonly horizon: Colour;
  readonly cloudLit: Colour;
  readonly cloudDark: Colour;
  /** 0 clear to 1 closed. */
  readonly cloudCover: number;
  /** Size of the clouds, and which ones. */
  readonly cloudScale: number;
  readonly cloudSeed: number;
  /** Share of a colour that is lost to haze per metre. */
  readonly haze: number;
  readonly hazeColour: Colour;
  /** Lamps are on, windows are lit. */
  readonly evening: boolean;
}

export type Weather = 'clear' | 'fair' | 'overcast' | 'gloomy' | 'evening';

export function createLight(random: Random): Light {
  const weather = random.weighted<Weather>([
    ['clear', 24],
    ['fair', 28],
    ['overcast', 28],
    ['gloomy', 10],
    ['evening', 10],
  ]);
  // The street runs along z: a sun from behind or ahead lights it, one from the side throws houses across it.
  const azimuth = random.range(0, 2 * Math.PI);
  const elevation = weather === 'evening' ? random.range(0.12, 0.3) : random.range(0.45, 1);
  const sunDirection = vec(
    sine(azimuth) * cosine(elevation),
    sine(elevation),
    cosine(azimuth) * cosine(elevation),
  );
  const base = {
    sunDirection,
    cloudSeed: random.int(0, 1 << 30),
    cloudScale: random.range(0.7, 1.6),
    haze: random.range(0.0006, 0.003),
    evening: false,
  };
  const warm = random.range(0, 1);
  const sun = mix(rgb(255, 247, 232), rgb(255, 232, 200), warm);
  switch (weather) {
    case 'clear':
      return {
        ...base,
        sunColour: times(sun, random.range(1.15, 1.6)),
        skyLight: times(rgb(196, 214, 240), random.range(0.6, 0.8)),
        zenith: mix(rgb(90, 140, 205), rgb(120, 165, 215), random.next()),
        horizon: mix(rgb(200, 220, 236), rgb(226, 234, 240), random.next()),
        cloudLit: rgb(255, 253, 250),
        cloudDark: rgb(205, 213, 225),
        cloudCover: random.range(0, 0.35),
        hazeColour: rgb(205, 220, 235),
      };
    case 'fair':
      return {
        ...base,
        sunColour: times(sun, random.range(0.9, 1.3)),
        skyLight: times(rgb(220, 228, 240), random.range(0.7, 0.9)),
        zenith: mix(rgb(110, 155, 210), rgb(150, 185, 222), random.next()),
        horizon: rgb(226, 233, 240),
        cloudLit: rgb(255, 254, 252),
        cloudDark: rgb(190, 198, 210),
        cloudCover: random.range(0.4, 0.7),
        hazeColour: rgb(218, 226, 235),
      };
    case 'overcast':
      return {
        ...base,
        sunColour: times(sun, random.range(0, 0.25)),
        skyLight: times(rgb(232, 236, 242), random.range(1, 1.25)),
        zenith: rgb(205, 211, 219),
        horizon: rgb(240, 242, 244),
        cloudLit: rgb(250, 250, 250),
        cloudDark: mix(rgb(196, 201, 208), rgb(226, 229, 233), random.next()),
        cloudCover: random.range(0.9, 1),
        hazeColour: rgb(226, 230, 235),
      };
    case 'gloomy':
      return {
        ...base,
        sunColour: times(sun, 0),
        skyLight: times(rgb(214, 222, 234), random.range(0.4, 0.6)),
        zenith: rgb(110, 122, 140),
        horizon: rgb(196, 204, 212),
        cloudLit: rgb(190, 198, 206),
        cloudDark: mix(rgb(92, 102, 118), rgb(120, 130, 144), random.next()),
        cloudCover: random.range(0.75, 0.95),
        haze: random.range(0.002, 0.004),
        hazeColour: rgb(150, 160, 172),
        evening: random.chance(0.4),
      };
    case 'evening':
      return {
        ...base,
        sunColour: times(mix(rgb(255, 200, 140), rgb(255, 170, 110), warm), random.range(0.6, 1.2)),
        skyLight: times(rgb(200, 198, 220), random.range(0.4, 0.6)),
        zenith: mix(rgb(82, 108, 160), rgb(112, 128, 170), random.next()),
        horizon: mix(rgb(250, 214, 170), rgb(246, 190, 150), warm),
        cloudLit: rgb(255, 222, 190),
        cloudDark: rgb(140, 132, 158),
        cloudCover: random.range(0.2, 0.7),
        hazeColour: rgb(226, 200, 178),
        evening: true,
      };
  }
}
