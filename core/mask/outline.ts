import { ProblemError } from '../problem.ts';
import type { ClassMap } from './classMap.ts';

/** 1 for each pixel whose right or lower neighbour has another class: lines one pixel wide. Row-major. */
export function boundaryMask({ width, height, ids }: ClassMap): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const id = ids[n];
      if ((x + 1 < width && ids[n + 1] !== id) || (y + 1 < height && ids[n + width] !== id)) mask[n] = 1;
    }
  }
  return mask;
}

/** 1 for each pixel on which two class maps of one size differ. Row-major. Throws `mask.size`. */
export function differenceMask(a: ClassMap, b: ClassMap): Uint8Array {
  assertSameSize(a, b);
  const mask = new Uint8Array(a.ids.length);
  for (let n = 0; n < mask.length; n++) {
    if (a.ids[n] !== b.ids[n]) mask[n] = 1;
  }
  return mask;
}

/** Throws `mask.size` unless both class maps have the same width and height. */
export function assertSameSize(a: ClassMap, b: ClassMap): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new ProblemError({
    code: 'mask.size',
    title: `a ${a.width} x ${a.height} class map cannot be compared with a ${b.width} x ${b.height} one`,
  });
}
