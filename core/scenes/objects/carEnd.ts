import { CAR } from '../classes.ts';
import type { Colour } from '../colour.ts';
import { mix, rgb, times } from '../colour.ts';
import { glowing, plain } from '../materials.ts';
import type { Random } from '../random.ts';
import { ellipse, rectangle } from '../shapes.ts';
import type { Shader } from '../stage.ts';
import type { CarShape } from './carShape.ts';

export interface CarEndLook {
  readonly colour: Colour;
  readonly braking: boolean;
  /** Lamps on where it is dark. */
  readonly driven: boolean;
}

const BLACK = rgb(18, 18, 20);

/** Bumper, lamps, grille, number plate. `end`: -1 rear, 1 front. */
export function addCarEnd(shape: CarShape, end: -1 | 1, look: CarEndLook, random: Random): void {
  const { stage, model } = shape;
  const a = end * (shape.halfLength + 0.015);
  const half = shape.widthAt(end * shape.halfLength, 0.5);
  // u runs from the left to the right edge as one sees it from outside.
  const corner = shape.at(a, end * -half, 0);
  const points = [shape.at(a, end * half, 0), corner, shape.at(a, end * half, 1)] as const;
  const kind = random.range(0, 1);
  const bumperPainted = random.chance(0.6);
  const ink = random.int(0, 1 << 20);
  if (!shape.isSeen(...points)) return;
  const frame = stage.frameThrough(...points);
  const { lightHeight } = model;
  const scale = shape.at(0, 0, 1).y;
  const wide = 2 * half;
  const put = (corners: readonly number[], shader: Shader): void =>
    stage.add(
      frame,
      corners.map((value) => value * scale),
      CAR,
      shader,
    );
  const both = (left: number, low: number, right: number, high: number, shader: Shader): void => {
    put(rectangle(left, low, right, high), shader);
    put(rectangle(wide - right, low, wide - left, high), shader);
  };
  const trim = plain(model.kind !== 'car' || !bumperPainted ? rgb(40, 40, 43) : times(look.colour, 0.7));
  put(rectangle(0.02, 0.24, wide - 0.02, 0.44), trim);
  put(rectangle(0.02, 0.44, wide - 0.02, 0.455), plain(BLACK));
  put(rectangle(0.1, 0.22, wide - 0.1, 0.29), plain(BLACK));

  if (end < 0) {
    const tall = model.kind === 'car' ? 0.17 + 0.12 * kind : 0.36;
    const red = glowing(
      rgb(190, 22, 20),
      look.braking ? 1.5 : stage.light.evening && look.driven ? 0.7 : 0.1,
    );
    both(0, lightHeight, 0.19, lightHeight + tall, red);
    both(
      0.03,
      lightHeight + 0.015,
      0.16,
      lightHeight + 0.06,
      plain(mix(rgb(235, 160, 60), rgb(225, 225, 220), kind)),
    );
    if (model.kind === 'car') {
      // Edge of the boot lid, badge, reflectors, exhaust.
      put(rectangle(0.2, lightHeight - 0.015, wide - 0.2, lightHeight), plain(times(look.colour, 0.35)));
      put(ellipse(wide / 2, lightHeight + 0.13, 0.045, 0.045, 10), plain(rgb(190, 192, 196)));
      both(0.1, 0.34, 0.24, 0.38, plain(rgb(120, 16, 16)));
      put(ellipse(0.3, 0.2, 0.035, 0.035, 8), plain(rgb(70, 70, 70)));
    } else {
      put(rectangle(wide / 2 - 0.008, 0.45, wide / 2 + 0.008, 2), plain(BLACK));
    }
  } else {
    const on = look.driven && (stage.light.evening || kind < 0.2);
    const lamp = glowing(rgb(240, 242, 240), on ? 2.2 : 0.3);
    both(0.01, lightHeight - 0.02, 0.33, lightHeight + 0.15, plain(rgb(70, 72, 76)));
    both(0.06, lightHeight + 0.005, 0.24, lightHeight + 0.125, lamp);
    both(0.26, lightHeight + 0.02, 0.32, lightHeight + 0.11, plain(rgb(230, 150, 40)));
    put(rectangle(0.42, lightHeight - 0.03, wide - 0.42, lightHeight + 0.12), plain(BLACK));
    const bars = plain(rgb(120, 122, 126));
    for (let i = 0; i < 3; i++) {
      const y = lightHeight - 0.01 + i * 0.045;
      put(rectangle(0.44, y, wide - 0.44, y + 0.012), bars);
    }
    put(ellipse(wide / 2, lightHeight + 0.05, 0.055, 0.055, 10), plain(rgb(200, 202, 206)));
    put(rectangle(0.35, 0.26, wide - 0.35, 0.36), plain(BLACK));
    both(0.1, 0.29, 0.24, 0.36, plain(rgb(60, 62, 64)));
  }
  addPlate(put, wide / 2, end < 0 && model.kind === 'car' && kind < 0.7 ? 0.5 : 0.37, end, ink);
}

function addPlate(
  put: (corners: readonly number[], shader: Shader) => void,
  middle: number,
  low: number,
  end: -1 | 1,
  letters: number,
): void {
  put(
    rectangle(middle - 0.26, low, middle + 0.26, low + 0.11),
    plain(end < 0 ? rgb(228, 184, 40) : rgb(232, 232, 228)),
  );
  const ink = plain(BLACK);
  for (let i = 0; i < 8; i++) {
    if (i === 4) continue;
    const u = middle - 0.225 + i * 0.057;
    const narrow = ((letters >> i) & 1) * 0.014;
    put(rectangle(u + narrow, low + 0.022, u + 0.038, low + 0.088), ink);
  }
}
