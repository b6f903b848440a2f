import type { Random } from './random.ts';

/** What stands along one side of a street. */
export type SideKind = 'shops' | 'terrace' | 'villas' | 'offices' | 'park';

export interface StreetSide {
  /** -1 left, 1 right. */
  readonly sign: -1 | 1;
  readonly kind: SideKind;
  /** Metres from the middle of the camera's path to the kerb, positive. */
  readonly kerb: number;
  readonly pavement: number;
  /** From the pavement to the house fronts. */
  readonly setback: number;
  readonly parked: boolean;
  readonly doubleYellow: boolean;
  /** A grass verge with trees between kerb and walkway, metres; 0 for none. */
  readonly verge: number;
}

/** A side street that meets ours at a right angle. */
export interface Junction {
  readonly z: number;
  readonly halfWidth: number;
  readonly left: boolean;
  readonly right: boolean;
  readonly signals: boolean;
}

/** The street seen from above; the camera drives along across = 0. */
export interface StreetPlan {
  /** Bend: x = across + bend * z^2 / 2. */
  readonly bend: number;
  readonly left: StreetSide;
  readonly right: StreetSide;
  /** Where the lines between lanes run, metres to the right of the camera. */
  readonly centreLine: number;
  readonly laneLines: readonly number[];
  readonly junctions: readonly Junction[];
  /** A zebra or signal crossing across the road, or undefined. */
  readonly crossing: number | undefined;
  /** Where the street ends in front of houses or trees. */
  readonly end: number;
  readonly pavementStyle: 'slabs' | 'asphalt' | 'bricks';
  readonly seed: number;
}

export const KERB_WIDTH = 0.16;
const CORNER_RADIUS = 3.5;
const SIDE_PAVEMENT = 2.2;

export function createStreetPlan(random: Random): StreetPlan {
  const size = random.weighted([
    ['narrow', 28],
    ['normal', 47],
    ['wide', 25],
  ] as const);
  const laneWidth = random.range(2.9, 3.5);
  const parkedLeft = random.chance(size === 'narrow' ? 0.45 : 0.35);
  const parkedRight = random.chance(0.45);
  const laneLines: number[] = [];
  const centreLine = laneWidth / 2 + random.range(-0.1, 0.3);
  let toLeft = laneWidth / 2;
  let toRight = centreLine + (size === 'narrow' ? laneWidth * 0.75 : laneWidth);
  if (size === 'wide') {
    if (random.chance(0.5)) {
      laneLines.push(-laneWidth / 2);
      toLeft += laneWidth;
    }
    laneLines.push(centreLine + laneWidth);
    toRight += laneWidth;
  }
  const side = (sign: -1 | 1, kerb: number, parked: boolean): StreetSide => {
    const kind = random.weighted<SideKind>([
      ['shops', 36],
      ['terrace', 24],
      ['villas', 14],
      ['offices', 14],
      ['park', 12],
    ]);
    const setback =
      kind === 'villas'
        ? random.range(3, 6)
        : kind === 'park'
          ? 3
          : random.chance(kind === 'terrace' ? 0.45 : 0.12)
            ? 1.7
            : 0;
    return {
      sign,
      kind,
      kerb: kerb + (parked ? 2.1 : 0.3),
      pavement: random.range(1.8, 4.2),
      setback,
      parked,
      doubleYellow: !parked && random.chance(0.6),
      verge: kind !== 'shops' && random.chance(0.18) ? random.range(1, 2) : 0,
    };
  };
  const left = side(-1, toLeft, parkedLeft);
  const right = side(1, toRight, parkedRight);
  const junctions: Junction[] = [];
  if (random.chance(0.6)) {
    const z = random.range(14, 45);
    const both = random.next();
    junctions.push({
      z,
      halfWidth: random.range(3, 5),
      left: both < 0.65,
      right: both > 0.35,
      signals: random.chance(0.5),
    });
    if (random.chance(0.4)) {
      junctions.push({
        z: z + random.range(35, 60),
        halfWidth: random.range(3, 5),
        left: random.chance(0.6),
        right: random.chance(0.6),
        signals: false,
      });
    }
  }
  return {
    bend: random.chance(0.4) ? random.range(-0.0035, 0.0035) : random.range(-0.0006, 0.0006),
    left,
    right,
    centreLine,
    laneLines,
    junctions,
    crossing: random.chance(0.25) ? random.range(9, 30) : undefined,
    end: random.range(90, 190),
    pavementStyle: random.weighted([
      ['slabs', 50],
      ['asphalt', 35],
      ['bricks', 15],
    ] as const),
    seed: random.int(0, 1 << 30),
  };
}

/** World x of a place given by metres across and along the street. */
export function streetX(plan: StreetPlan, across: number, z: number): number {
  return across + (plan.bend * z * z) / 2;
}

export type Region = 'road' | 'kerb' | 'pavement' | 'verge' | 'plot';

/** A place on the ground: what it is, and how far outside the carriageway (negative: inside). */
export interface GroundPlace {
  region: Region;
  side: StreetSide;
  across: number;
  outside: number;
}

/** Fills `place` for a point of the ground. */
export function locate(plan: StreetPlan, x: number, z: number, place: GroundPlace): void {
  const across = x - (plan.bend * z * z) / 2;
  const side = across < plan.centreLine ? plan.left : plan.right;
  const beyondKerb = across * side.sign - side.kerb;
  let outside = beyondKerb;
  let beyondSideStreet = Infinity;
  for (const junction of plan.junctions) {
    if (!(side.sign < 0 ? junction.left : junction.right)) continue;
    const off = Math.abs(z - junction.z) - junction.halfWidth;
    if (off >= beyondSideStreet) continue;
    beyondSideStreet = off;
    if (beyondKerb <= 0) continue;
    if (off < CORNER_RADIUS && beyondKerb < CORNER_RADIUS && off > 0) {
      const a = CORNER_RADIUS - off;
      const b = CORNER_RADIUS - beyondKerb;
      outside = CORNER_RADIUS - Math.sqrt(a * a + b * b);
    } else {
      outside = Math.min(beyondKerb, off);
    }
  }
  place.side = side;
  place.across = across;
  place.outside = outside;
  if (outside <= 0) place.region = 'road';
  else if (outside < KERB_WIDTH) place.region = 'kerb';
  else if (beyondKerb < side.verge + 0.2 && beyondKerb > 0.2 && beyondSideStreet > 4) place.region = 'verge';
  else if (beyondKerb < side.pavement + side.verge || beyondSideStreet < SIDE_PAVEMENT)
    place.region = 'pavement';
  else place.region = 'plot';
}

/** True where a house or fence along this side would stand in a side street. */
export function inSideStreet(plan: StreetPlan, side: StreetSide, from: number, to: number): boolean {
  return plan.junctions.some(
    (junction) =>
      (side.sign < 0 ? junction.left : junction.right) &&
      to > junction.z - junction.halfWidth - SIDE_PAVEMENT &&
      from < junction.z + junction.halfWidth + SIDE_PAVEMENT,
  );
}
