import type { Colour } from '../colour.ts';
import { mix, rgb, times } from '../colour.ts';
import type { Random } from '../random.ts';
import type { SideKind } from '../streetPlan.ts';
import type { WallStyle } from './wall.ts';

/** How a house looks from the street. */
export interface FacadeStyle {
  readonly wall: WallStyle;
  readonly trim: Colour;
  readonly storeyHeight: number;
  readonly groundHeight: number;
  readonly bay: number;
  readonly windowWidth: number;
  readonly windowHeight: number;
  readonly sill: number;
  readonly panes: 1 | 2 | 4 | 6;
  readonly frame: Colour;
  readonly reveal: number;
  readonly shop: boolean;
  readonly shopColour: Colour;
  readonly doorColour: Colour;
  readonly bands: boolean;
  readonly flatRoof: boolean;
  readonly roofSlope: number;
  readonly roofColour: Colour;
  readonly chimneys: boolean;
  readonly dormers: boolean;
  readonly bayWindows: boolean;
  readonly awning: boolean;
}

const BRICKS = [
  rgb(150, 92, 70),
  rgb(164, 112, 82),
  rgb(176, 148, 104),
  rgb(190, 168, 124),
  rgb(128, 76, 62),
  rgb(196, 180, 148),
];
const PLASTERS = [
  rgb(232, 228, 216),
  rgb(222, 210, 186),
  rgb(206, 212, 214),
  rgb(226, 200, 160),
  rgb(196, 176, 160),
  rgb(240, 238, 234),
  rgb(206, 180, 180),
];
const STONES = [rgb(188, 178, 152), rgb(170, 162, 146), rgb(200, 190, 166), rgb(150, 144, 134)];

export function createFacadeStyle(kind: SideKind, random: Random): FacadeStyle {
  const modern = kind === 'offices' ? random.chance(0.7) : random.chance(0.12);
  const material = modern
    ? random.weighted([
        ['panels', 5],
        ['brick', 3],
        ['plaster', 2],
      ] as const)
    : random.weighted([
        ['brick', 6],
        ['plaster', 4],
        ['stone', 2],
      ] as const);
  const colour = times(
    random.pick(material === 'brick' ? BRICKS : material === 'stone' ? STONES : PLASTERS),
    random.range(0.75, 1.05),
  );
  const second = material === 'brick' ? mix(colour, rgb(200, 190, 172), 0.6) : times(colour, 0.62);
  const bay = modern ? random.range(1.6, 3.2) : random.range(2, 3.1);
  return {
    wall: { kind: material, colour, second, ornate: !modern },
    trim: random.pick([rgb(226, 222, 212), rgb(200, 192, 174), rgb(120, 112, 104)]),
    storeyHeight: random.range(2.8, 3.4),
    groundHeight: kind === 'shops' ? random.range(3.4, 4.1) : random.range(3, 3.5),
    bay,
    windowWidth: modern ? bay * random.range(0.6, 0.9) : bay * random.range(0.38, 0.52),
    windowHeight: modern ? random.range(1.4, 2) : random.range(1.45, 1.95),
    sill: modern ? 0.8 : random.range(0.75, 0.95),
    panes: modern ? random.pick([1, 2] as const) : random.pick([2, 4, 6] as const),
    frame: modern
      ? random.pick([rgb(60, 62, 66), rgb(190, 190, 190)])
      : random.pick([rgb(236, 234, 228), rgb(236, 234, 228), rgb(90, 62, 46)]),
    reveal: modern ? 0.08 : random.range(0.1, 0.18),
    shop: kind === 'shops' && random.chance(0.88),
    shopColour: random.pick([
      rgb(30, 60, 110),
      rgb(150, 28, 32),
      rgb(24, 84, 60),
      rgb(40, 40, 44),
      rgb(214, 206, 186),
      rgb(196, 120, 30),
      rgb(90, 40, 90),
      rgb(26, 110, 130),
      rgb(230, 230, 228),
    ]),
    doorColour: random.pick([
      rgb(130, 24, 28),
      rgb(24, 44, 90),
      rgb(26, 70, 50),
      rgb(34, 34, 36),
      rgb(226, 224, 218),
      rgb(100, 60, 36),
    ]),
    bands: random.chance(0.5),
    flatRoof: modern || random.chance(0.22),
    roofSlope: random.range(0.6, 1.05),
    roofColour: random.pick([rgb(92, 92, 98), rgb(118, 76, 60), rgb(140, 88, 66), rgb(104, 100, 96)]),
    chimneys: !modern && random.chance(0.8),
    dormers: !modern && random.chance(0.25),
    bayWindows: !modern && (kind === 'terrace' || kind === 'villas') && random.chance(0.45),
    awning: kind === 'shops' && random.chance(0.25),
  };
}
