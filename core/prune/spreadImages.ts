/** More images than these tell little more and take their time. */
export const MAX_CALIBRATION_IMAGES = 200;

/** Turns of a golden ratio: any first part of what it orders is spread over the whole. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Which of `count` images to learn from, at most `limit`, evenly spread, in an order of which any first part is
 * spread too: neighbours in a folder are often frames of one film.
 */
export function spreadImages(count: number, limit = MAX_CALIBRATION_IMAGES): number[] {
  const taken = Math.min(count, limit);
  return Array.from({ length: taken }, (_, i) => ({
    image: Math.floor((i * count) / taken),
    turn: (i * GOLDEN) % 1,
  }))
    .sort((a, b) => a.turn - b.turn)
    .map(({ image }) => image);
}
