import { CAR } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb, times } from '../colour.ts';
import { plain } from '../materials.ts';
import type { Random } from '../random.ts';
import { ellipse } from '../shapes.ts';
import type { Frame, Shader } from '../stage.ts';
import { length, subtract } from '../vector.ts';
import { addCarEnd } from './carEnd.ts';
import type { CarModel } from './carModels.ts';
import { CAR_MODELS } from './carModels.ts';
import { bodyPaint, windowGlass } from './carPaint.ts';
import type { SidePoint } from './carShape.ts';
import { CarShape } from './carShape.ts';
import type { Site } from './site.ts';

export interface CarPlace {
  /** Middle of the car on the ground. */
  readonly x: number;
  readonly z: number;
  /** Where its front points: unit vector on the ground. */
  readonly headX: number;
  readonly headZ: number;
  readonly braking?: boolean;
  readonly only?: CarModel['kind'];
}

const PAINTS: readonly (readonly [Colour, number])[] = [
  [rgb(172, 176, 181), 20],
  [rgb(42, 44, 48), 15],
  [rgb(30, 40, 78), 13],
  [rgb(210, 210, 206), 11],
  [rgb(138, 20, 24), 12],
  [rgb(96, 102, 108), 10],
  [rgb(30, 74, 60), 4],
  [rgb(60, 96, 150), 7],
  [rgb(196, 170, 90), 3],
  [rgb(110, 76, 48), 2],
];

const TRIM = rgb(30, 30, 32);

/** A car, van or bus built from plates, with its shadows. */
export function addCar(site: Site, place: CarPlace, random: Random): void {
  const { stage, shadows } = site;
  const candidates = CAR_MODELS.filter((m) => place.only === undefined || m.kind === place.only);
  const model = random.weighted(candidates.map((m) => [m, m.share] as const));
  const colour = model.paints !== undefined ? random.pick(model.paints) : random.weighted(PAINTS);
  const size = random.range(0.95, 1.05);
  const shape = new CarShape(stage, model, place.x, place.z, place.headX, place.headZ, size);
  const { halfLength, halfWidth } = shape;
  const box = {
    x: place.x,
    z: place.z,
    alongX: place.headX,
    alongZ: place.headZ,
    halfLength: halfLength * size * 0.94,
    halfWidth: halfWidth * size * 0.94,
  };
  shadows.addBox({ ...box, bottom: 0.16, top: model.beltHeight * size });
  shadows.addBox({ ...box, halfLength: box.halfLength * 0.72, bottom: 0.5, top: model.roofHeight * size });
  shadows.addContact({
    ...box,
    halfLength: halfLength * size * 0.86,
    halfWidth: halfWidth * size * 0.82,
    softness: 0.55,
    strength: 0.93,
  });

  const painted = bodyPaint(stage.light, colour);
  const glass = windowGlass(stage.light);
  addUnderside(shape);
  addContour(shape, painted, glass);
  const rim = random.pick([rgb(178, 180, 184), rgb(150, 152, 156), rgb(96, 98, 102)]);
  for (const sign of [-1, 1] as const) addSide(shape, sign, colour, painted, glass, rim, size);
  const driven = random.chance(0.7);
  addCarEnd(shape, -1, { colour, braking: place.braking === true, driven }, random);
  addCarEnd(shape, 1, { colour, braking: false, driven }, random);
  if (model.kind !== 'bus') addMirrors(shape, colour, size);
}

/** Darkness and the tyres' treads between the wheels. */
function addUnderside(shape: CarShape): void {
  const { stage, model, halfWidth } = shape;
  const under = plain(rgb(13, 13, 14));
  const tyre = plain(rgb(24, 24, 25));
  for (const end of [-1, 1] as const) {
    const a = end * model.length * 0.36;
    const w = halfWidth * 0.9;
    stage.addPolygon(
      [shape.at(a, -w, 0.12), shape.at(a, w, 0.12), shape.at(a, w, 0.45), shape.at(a, -w, 0.45)],
      CAR,
      under,
    );
    const tread = end < 0 ? model.rearAxle - model.wheel * 0.75 : model.frontAxle + model.wheel * 0.75;
    for (const s of [-1, 1] as const) {
      const outer = s * halfWidth * 0.97;
      const inner = s * (halfWidth * 0.97 - 0.2);
      stage.addPolygon(
        [
          shape.at(tread, outer, 0),
          shape.at(tread, inner, 0),
          shape.at(tread, inner, 0.45),
          shape.at(tread, outer, 0.45),
        ],
        CAR,
        tyre,
      );
    }
  }
}

/** From the rear bumper over the roof to the front bumper, plate by plate. */
function addContour(shape: CarShape, painted: Shader, glass: Shader): void {
  const { stage, model } = shape;
  const seats = windowGlass(stage.light, 0.012);
  for (let i = 0; i + 1 < model.contour.length; i++) {
    const [a0, y0] = model.contour[i]!;
    const [a1, y1, kind] = model.contour[i + 1]!;
    const w0 = shape.widthAt(a0, y0);
    const w1 = shape.widthAt(a1, y1);
    const corners = [
      shape.at(a0, -w0, y0),
      shape.at(a0, w0, y0),
      shape.at(a1, w1, y1),
      shape.at(a1, -w1, y1),
    ] as const;
    if (!shape.isSeen(corners[0], corners[1], corners[2])) continue;
    const frame = stage.frameThrough(corners[0], corners[1], corners[3]);
    stage.add(frame, stage.onFrame(frame, corners), CAR, painted);
    if (kind !== 'glass') continue;
    const between = (t: number, s: number): ReturnType<CarShape['at']> =>
      shape.at(a0 + (a1 - a0) * t, s * (w0 + (w1 - w0) * t - 0.1), y0 + (y1 - y0) * t);
    const upward = y1 > y0;
    const low = upward ? 0.06 : 0.97;
    const high = upward ? 0.94 : 0.06;
    const pane = [between(low, -1), between(low, 1), between(high, 0.98), between(high, -0.98)];
    stage.add(frame, stage.onFrame(frame, pane), CAR, glass);
    if (model.kind === 'car') {
      // Head rests.
      const scale = length(subtract(pane[3]!, pane[0]!));
      for (const s of [-0.5, 0.5]) {
        const [u, v] = stage.onFrame(frame, [between(low + (high - low) * 0.35, s)]);
        stage.add(frame, ellipse(u!, v!, 0.13, scale * 0.22, 10), CAR, seats);
      }
    }
  }
}

function addSide(
  shape: CarShape,
  sign: -1 | 1,
  colour: Colour,
  painted: Shader,
  glass: Shader,
  rim: Colour,
  size: number,
): void {
  const { model, halfLength, halfWidth, stage } = shape;
  const side = shape.side(sign);
  if (!side.seen) return;
  const dark = plain(TRIM);
  const band = (from: number, to: number, low: number, high: number): readonly SidePoint[] => [
    [from, low],
    [to, low],
    [to, high],
    [from, high],
  ];
  const outline = model.contour.map(([a, y]) => [a, y] as const);
  side.add(outline, painted);
  side.add(band(-halfLength + 0.25, halfLength - 0.25, 0.2, 0.28), dark);
  if (model.stripe !== undefined) {
    const y = Math.min(1.1, model.beltHeight * 0.62);
    side.add(band(-halfLength, halfLength, y - 0.14, y + 0.14), plain(model.stripe));
  }
  if (model.kind === 'car') {
    // Rubbing strip, and the shade under the windows' ledge.
    side.add(band(-halfLength + 0.1, halfLength - 0.1, 0.5, 0.545), plain(times(colour, 0.45)));
    side.add(
      band(-halfLength + 0.5, halfLength - 0.9, model.beltHeight - 0.05, model.beltHeight),
      plain(times(colour, 0.6)),
    );
  }
  for (const window of model.windows) side.add(window, glass);
  for (const deck of model.lowerWindows ?? []) side.add(deck, glass);
  for (const a of model.doors) {
    const top = model.kind === 'bus' ? 2.3 : model.beltHeight;
    side.add(band(a - 0.008, a + 0.008, 0.3, top), dark);
    if (model.kind !== 'bus') side.add(band(a + 0.08, a + 0.25, 0.76, 0.8), dark);
  }
  for (const axle of [model.rearAxle, model.frontAxle]) {
    side.add(circle(axle, model.wheel * 1.02, model.wheel * 1.2), plain(rgb(9, 9, 9)));
    const out = sign * (halfWidth + 0.012);
    const hub = shape.at(axle, out, 0);
    const wheelFrame = stage.frameThrough(hub, shape.at(axle + 1, out, 0), shape.at(axle, out, 1));
    addWheel(shape, wheelFrame, model.wheel * size, rim);
  }
}

function circle(a: number, y: number, radius: number): SidePoint[] {
  const points = ellipse(a, y, radius, radius, 18);
  return points.flatMap((value, i) => (i % 2 === 0 ? [[value, points[i + 1]!] as const] : []));
}

function addWheel(shape: CarShape, frame: Frame, radius: number, rim: Colour): void {
  const { stage } = shape;
  stage.add(frame, ellipse(0, radius, radius, radius, 20), CAR, plain(rgb(22, 22, 23)));
  const spokes: Shader = (hit, out) => {
    const u = hit.u / radius;
    const v = hit.v / radius - 1;
    const off = Math.sqrt(u * u + v * v);
    // Five gaps between the spokes: u^5 - 10 u^3 v^2 + 5 u v^4 is r^5 cos(5 angle).
    const off5 = off * off * off * off * off;
    const five = 16 * u * u * u * u * u - 20 * u * u * u * off * off + 5 * u * off * off * off * off;
    const gap = off > 0.16 && off < 0.54 && five > 0.2 * off5;
    const tone = gap ? 0.1 : 0.78 + 0.3 * v;
    out.r = rim.r * tone;
    out.g = rim.g * tone;
    out.b = rim.b * tone;
  };
  stage.add(frame, ellipse(0, radius, radius * 0.66, radius * 0.66, 18), CAR, spokes);
}

function addMirrors(shape: CarShape, colour: Colour, size: number): void {
  const { stage, model } = shape;
  const a = model.kind === 'van' ? 1.65 : 0.72;
  const shell = plain(times(colour, 0.8));
  for (const s of [-1, 1] as const) {
    const foot = shape.at(a, s * (shape.halfWidth + 0.08), model.beltHeight + 0.1);
    const frame = stage.billboard(foot.x, foot.z, foot.y);
    stage.add(frame, ellipse(0, 0, 0.115 * size, 0.08 * size, 12), CAR, shell);
  }
}
