import { CAR } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { rgb, times } from '../colour.ts';
import { glowing, plain } from '../materials.ts';
import type { Random } from '../random.ts';
import { ellipse, rectangle } from '../shapes.ts';
import { mirrorStreet } from '../sky.ts';
import type { Frame, Shader, Stage } from '../stage.ts';
import type { Vec3 } from '../vector.ts';
import { normalise, subtract, vec, cross, dot, length } from '../vector.ts';
import type { CarModel } from './carModels.ts';
import { CAR_MODELS } from './carModels.ts';
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
  [rgb(186, 190, 194), 22],
  [rgb(42, 44, 48), 16],
  [rgb(30, 40, 78), 14],
  [rgb(226, 226, 222), 12],
  [rgb(128, 20, 24), 11],
  [rgb(96, 102, 108), 10],
  [rgb(30, 74, 60), 4],
  [rgb(60, 96, 150), 6],
  [rgb(176, 150, 70), 2],
  [rgb(110, 76, 48), 2],
];

/** A car, van or bus built from plates, with its shadows. */
export function addCar(site: Site, place: CarPlace, random: Random): void {
  const { stage, shadows } = site;
  const model = random.weighted(
    CAR_MODELS.filter((m) => place.only === undefined || m.kind === place.only).map(
      (m) => [m, m.share] as const,
    ),
  );
  const colour = model.paints !== undefined ? random.pick(model.paints) : random.weighted(PAINTS);
  const size = random.range(0.95, 1.05);
  const halfWidth = (model.width / 2) * size;
  const halfLength = (model.length / 2) * size;
  // Local axes: `a` along (front positive), `s` sideways (right of the car positive), `y` up.
  const at = (a: number, s: number, y: number): Vec3 =>
    vec(
      place.x + a * size * place.headX + s * place.headZ,
      y * size,
      place.z + a * size * place.headZ - s * place.headX,
    );
  const eye = stage.camera.position;
  const evening = stage.light.evening;
  const painted = bodyPaint(stage, colour);
  const glass = windowGlass(stage);

  const box = { x: place.x, z: place.z, alongX: place.headX, alongZ: place.headZ, halfLength, halfWidth };
  shadows.addBox({ ...box, halfWidth: halfWidth * 0.94, bottom: 0.16, top: model.roofHeight * size });
  shadows.addContact({
    ...box,
    halfLength: halfLength * 0.86,
    halfWidth: halfWidth * 0.82,
    softness: 0.55,
    strength: 0.92,
  });

  // Darkness and tyres underneath.
  const under = plain(rgb(14, 14, 15));
  for (const end of [-1, 1] as const) {
    const a = end * model.length * 0.36;
    stage.addPolygon(
      [
        at(a, -halfWidth * 0.9, 0.1),
        at(a, halfWidth * 0.9, 0.1),
        at(a, halfWidth * 0.9, 0.5),
        at(a, -halfWidth * 0.9, 0.5),
      ],
      CAR,
      under,
    );
    const tyre = plain(rgb(26, 26, 27));
    for (const s of [-1, 1] as const) {
      const outer = s * halfWidth * 0.95;
      const inner = s * (halfWidth * 0.95 - 0.2);
      const axle = end < 0 ? model.rearAxle - model.wheel * 0.8 : model.frontAxle + model.wheel * 0.8;
      stage.addPolygon(
        [at(axle, outer, 0), at(axle, inner, 0), at(axle, inner, 0.5), at(axle, outer, 0.5)],
        CAR,
        tyre,
      );
    }
  }

  // The contour from the rear bumper over the roof to the front bumper, plate by plate.
  const inset = (y: number): number =>
    y <= model.beltHeight
      ? halfWidth
      : halfWidth - ((y - model.beltHeight) / (model.roofHeight - model.beltHeight)) * model.lean;
  for (let i = 0; i + 1 < model.contour.length; i++) {
    const [a0, y0] = model.contour[i]!;
    const [a1, y1, kind] = model.contour[i + 1]!;
    const corners = [
      at(a0, -inset(y0), y0),
      at(a0, inset(y0), y0),
      at(a1, inset(y1), y1),
      at(a1, -inset(y1), y1),
    ];
    const [p0, p1, p2] = corners as [Vec3, Vec3, Vec3, Vec3];
    const outward = cross(subtract(p1, p0), subtract(p2, p0));
    // Plates that turn their back to the camera are hidden by the others.
    const middle = at(0, 0, model.beltHeight * 0.8);
    const facing = dot(outward, subtract(p0, middle)) > 0 ? 1 : -1;
    if (facing * dot(outward, subtract(eye, p0)) <= 0) continue;
    stage.addPolygon(corners, CAR, painted);
    if (kind === 'glass') {
      const frame = stage.frameThrough(p0, p1, corners[3]!);
      const high = length(subtract(corners[3]!, p0));
      const wide0 = inset(y0) * 2;
      const narrow = inset(y0) - inset(y1);
      const m = 0.09;
      const top = high - 0.06;
      stage.add(frame, [m, 0.05, wide0 - m, 0.05, wide0 - m - narrow, top, m + narrow, top], CAR, glass);
    }
  }

  for (const s of [-1, 1] as const) {
    const sideways = vec(place.headZ * s, 0, -place.headX * s);
    if (dot(sideways, subtract(eye, at(0, s * halfWidth, 0))) <= 0) continue;
    addSide(stage, model, s, size, halfWidth, at, painted, glass, random);
  }
  addEnd(stage, model, -1, halfWidth, at, eye, place.braking === true, evening, random);
  addEnd(stage, model, 1, halfWidth, at, eye, false, evening, random);
}

type Locate = (a: number, s: number, y: number) => Vec3;

function addSide(
  stage: Stage,
  model: CarModel,
  s: -1 | 1,
  size: number,
  halfWidth: number,
  at: Locate,
  painted: Shader,
  glass: Shader,
  random: Random,
): void {
  const rear = -model.length / 2;
  const lower = stage.frameThrough(
    at(rear, s * halfWidth, 0),
    at(-rear, s * halfWidth, 0),
    at(rear, s * halfWidth, 1),
  );
  const local = (points: readonly (readonly [number, number])[]): number[] =>
    points.flatMap(([a, y]) => [(a - rear) * size, y * size]);
  const body = model.contour.filter(([, y]) => y <= model.beltHeight + 1e-6).map(([a, y]) => [a, y] as const);
  stage.add(lower, local(body), CAR, painted);
  // Sill and, for some, a rubbing strip.
  stage.add(
    lower,
    local([
      [rear + 0.3, 0.2],
      [-rear - 0.3, 0.2],
      [-rear - 0.3, 0.29],
      [rear + 0.3, 0.29],
    ]),
    CAR,
    plain(rgb(28, 28, 30)),
  );
  if (model.stripe !== undefined) {
    const y = model.beltHeight * 0.62;
    stage.add(
      lower,
      local([
        [rear, y - 0.14],
        [-rear, y - 0.14],
        [-rear, y + 0.14],
        [rear, y + 0.14],
      ]),
      CAR,
      plain(model.stripe),
    );
  }

  const lean = model.lean * s;
  const upper = stage.frameThrough(
    at(rear, s * halfWidth, model.beltHeight),
    at(-rear, s * halfWidth, model.beltHeight),
    at(rear, s * halfWidth - lean, model.roofHeight),
  );
  const slope = Math.sqrt(1 + (model.lean / size / (model.roofHeight - model.beltHeight)) ** 2);
  const leaning = (points: readonly (readonly [number, number])[]): number[] =>
    points.flatMap(([a, y]) => [(a - rear) * size, (y - model.beltHeight) * slope * size]);
  const cabin = model.contour
    .filter(([, y]) => y >= model.beltHeight - 1e-6)
    .map(([a, y]) => [a, y] as const);
  stage.add(upper, leaning(cabin), CAR, painted);
  for (const window of model.windows) stage.add(upper, leaning(window), CAR, glass);
  for (const deck of model.lowerWindows ?? []) stage.add(lower, local(deck), CAR, glass);

  // Door gaps, handles.
  const dark = plain(rgb(20, 20, 22));
  for (const a of model.doors) {
    stage.add(
      lower,
      local([
        [a - 0.008, 0.3],
        [a + 0.008, 0.3],
        [a + 0.008, model.beltHeight],
        [a - 0.008, model.beltHeight],
      ]),
      CAR,
      dark,
    );
    stage.add(
      lower,
      local([
        [a + 0.08, 0.74],
        [a + 0.24, 0.74],
        [a + 0.24, 0.78],
        [a + 0.08, 0.78],
      ]),
      CAR,
      dark,
    );
  }

  const rim = random.pick([rgb(170, 172, 176), rgb(140, 142, 146), rgb(90, 92, 96)]);
  for (const axle of [model.rearAxle, model.frontAxle]) {
    stage.add(
      lower,
      ellipse((axle - rear) * size, model.wheel * 1.02 * size, model.wheel * 1.22 * size),
      CAR,
      plain(rgb(10, 10, 10)),
    );
    const hub = at(axle, s * (halfWidth + 0.015), 0);
    const wheelFrame = stage.frameThrough(
      hub,
      at(axle + 1, s * (halfWidth + 0.015), 0),
      at(axle, s * (halfWidth + 0.015), 1),
    );
    addWheel(stage, wheelFrame, model.wheel * size, rim);
  }
}

function addWheel(stage: Stage, frame: Frame, radius: number, rim: Colour): void {
  stage.add(frame, ellipse(0, radius, radius, radius, 20), CAR, plain(rgb(24, 24, 25)));
  const spokes: Shader = (hit, out) => {
    const u = hit.u / radius;
    const v = hit.v / radius - 1;
    const off = Math.sqrt(u * u + v * v);
    // Five gaps between the spokes, without asking for an angle.
    const five = 16 * u * u * u * u * u - 20 * u * u * u * off * off + 5 * u * off * off * off * off;
    const gap = off > 0.16 && off < 0.52 && five > 0.25 * off * off * off * off * off;
    const tone = gap ? 0.12 : 0.75 + 0.25 * v;
    out.r = rim.r * tone;
    out.g = rim.g * tone;
    out.b = rim.b * tone;
  };
  stage.add(frame, ellipse(0, radius, radius * 0.64, radius * 0.64, 18), CAR, spokes);
}

/** Bumper, lights, number plate. `end`: -1 rear, 1 front. */
function addEnd(
  stage: Stage,
  model: CarModel,
  end: -1 | 1,
  halfWidth: number,
  at: Locate,
  eye: Vec3,
  braking: boolean,
  evening: boolean,
  random: Random,
): void {
  const a = end * (model.length / 2 + 0.02);
  const left = at(a, end * halfWidth, 0);
  const right = at(a, -end * halfWidth, 0);
  const outward = normalise(subtract(at(end * 2, 0, 0), at(0, 0, 0)));
  if (dot(outward, subtract(eye, left)) <= 0 && dot(outward, subtract(eye, right)) <= 0) return;
  const frame = stage.frameThrough(left, right, at(a, end * halfWidth, 1));
  const wide = 2 * halfWidth;
  const trim = plain(
    model.kind === 'bus' ? rgb(40, 40, 42) : random.pick([rgb(38, 38, 40), rgb(60, 60, 64)]),
  );
  stage.add(frame, rectangle(0.03, 0.24, wide - 0.03, 0.4), CAR, trim);
  const lightHeight = model.lightHeight;
  const tall = model.kind === 'car' ? 0.16 : 0.34;
  const lamp =
    end < 0
      ? glowing(rgb(200, 24, 20), braking ? 1.6 : evening ? 0.6 : 0.12)
      : glowing(rgb(245, 245, 235), evening ? 2.2 : random.chance(0.25) ? 1.2 : 0.35);
  const size = end < 0 ? 0.2 : 0.3;
  stage.add(frame, rectangle(0.06, lightHeight, 0.06 + size, lightHeight + tall), CAR, lamp);
  stage.add(frame, rectangle(wide - 0.06 - size, lightHeight, wide - 0.06, lightHeight + tall), CAR, lamp);
  if (end > 0) {
    stage.add(
      frame,
      rectangle(0.5, lightHeight + 0.01, wide - 0.5, lightHeight + tall - 0.03),
      CAR,
      plain(rgb(26, 27, 29)),
    );
  } else if (model.kind === 'car') {
    stage.add(frame, rectangle(0.32, lightHeight - 0.02, wide - 0.32, lightHeight), CAR, trim);
  }
  const plate = plain(end < 0 ? rgb(225, 180, 30) : rgb(230, 230, 226));
  const plateHeight = end < 0 && model.kind === 'car' ? 0.52 : 0.34;
  stage.add(frame, rectangle(wide / 2 - 0.26, plateHeight, wide / 2 + 0.26, plateHeight + 0.11), CAR, plate);
  const ink = plain(rgb(20, 20, 20));
  for (let i = 0; i < 7; i++) {
    if (i === 4) continue;
    const u = wide / 2 - 0.22 + i * 0.064;
    stage.add(frame, rectangle(u, plateHeight + 0.025, u + 0.04, plateHeight + 0.085), CAR, ink);
  }
}

/** Lacquer: its colour, and the street mirrored the more the flatter one looks. */
function bodyPaint(stage: Stage, colour: Colour): Shader {
  const body = times(colour, 0.85);
  return (hit, out) => {
    out.r = body.r;
    out.g = body.g;
    out.b = body.b;
    shine(stage, hit, out, 0.08);
  };
}

function windowGlass(stage: Stage): Shader {
  return (hit, out) => {
    out.r = 0.012;
    out.g = 0.014;
    out.b = 0.016;
    shine(stage, hit, out, 0.22);
  };
}

const shine = (
  stage: Stage,
  hit: Parameters<Shader>[0],
  out: Parameters<Shader>[1],
  weight: number,
): void => {
  // Height on the body stands in for the curve of the plates: the higher, the more it looks at the sky.
  const norm = 1 / Math.sqrt(hit.dx * hit.dx + hit.dy * hit.dy + hit.dz * hit.dz);
  const up = hit.dy * norm + (hit.y - 0.75) * 0.9;
  mirrorStreet(stage.light, up, weight, out);
};
