import { oklabByVision, worstDistance, type Oklab } from './oklab.ts';
import type { Rgb } from './rgb.ts';

/** Colours that are generated; classes beyond them have none of their own. */
export const SAFE_COLOURS = 150;

/** Okabe and Ito 2008, without black: it cannot be told from a dark picture. */
const OKABE_ITO: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];

/** Between nearly black and nearly white, where colours cannot be told apart. */
const DARKEST = 0.28;
const LIGHTEST = 0.97;
/** No colour is as light as one before it: whoever sees no hue at all still has an order. */
const LIGHTNESS_STEP = 0.002;
/** Of the grid of candidates, in each channel. */
const GRID = 15;

interface Candidate {
  readonly colour: Rgb;
  readonly seen: readonly Oklab[];
  /** To the nearest colour chosen so far. */
  distance: number;
}

/** What is chosen so far, and what is left to choose from. */
let state: { chosen: Candidate[]; left: Candidate[] } | null = null;

/**
 * The first `count` colours, at most SAFE_COLOURS, that full colour vision, protanopia, deuteranopia and tritanopia
 * can all tell apart: Okabe's and Ito's seven, then always the colour that is farthest, for the eyes that see it
 * worst, from all before it. The first n are the same however many are wanted, so a class that is added changes no
 * other.
 */
export function safePalette(count: number): readonly Rgb[] {
  if (!state) {
    state = { chosen: [], left: candidates() };
    for (const colour of OKABE_ITO) choose(state, candidate(colour));
  }
  while (state.chosen.length < Math.min(count, SAFE_COLOURS)) {
    choose(
      state,
      state.left.reduce((best, other) => (other.distance > best.distance ? other : best)),
    );
  }
  return state.chosen.slice(0, count).map(({ colour }) => colour);
}

function choose(from: NonNullable<typeof state>, picked: Candidate): void {
  from.chosen.push(picked);
  const lightness = picked.seen[0]![0];
  from.left = from.left.filter(({ seen }) => Math.abs(seen[0]![0] - lightness) >= LIGHTNESS_STEP);
  for (const other of from.left) {
    other.distance = Math.min(other.distance, worstDistance(other.seen, picked.seen));
  }
}

const candidate = (colour: Rgb): Candidate => ({ colour, seen: oklabByVision(colour), distance: Infinity });

function candidates(): Candidate[] {
  const steps = Array.from({ length: 256 / GRID + 1 }, (_, index) => Math.min(255, index * GRID));
  return steps
    .flatMap((red) => steps.flatMap((green) => steps.map((blue) => candidate([red, green, blue]))))
    .filter(({ seen }) => seen[0]![0] >= DARKEST && seen[0]![0] <= LIGHTEST);
}
