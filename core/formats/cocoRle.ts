import type { ClassMap } from '../mask/classMap.ts';
import { ProblemError } from '../problem.ts';

/** Counts of a COCO run-length encoding: column by column, pixels outside first. */
export type RleCounts = readonly number[];

/** The counts of the pixels of one class. */
export function encodeCounts({ width, height, ids }: ClassMap, id: number): number[] {
  const counts: number[] = [];
  let inside = false;
  let run = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0, at = x; y < height; y++, at += width) {
      if ((ids[at] === id) !== inside) {
        counts.push(run);
        run = 0;
        inside = !inside;
      }
      run++;
    }
  }
  counts.push(run);
  return counts;
}

/**
 * Counts as the string that pycocotools writes: 5 bits a character from `0` on, the sixth says that more follow,
 * each count from the fourth on as its difference to the one two before. Source: maskApi.c, rleToString.
 */
export function countsToString(counts: RleCounts): string {
  const characters: number[] = [];
  counts.forEach((count, index) => {
    let rest = index > 2 ? count - counts[index - 2]! : count;
    for (let more = true; more;) {
      let bits = rest & 0x1f;
      rest >>= 5;
      more = (bits & 0x10) !== 0 ? rest !== -1 : rest !== 0;
      if (more) bits |= 0x20;
      characters.push(bits + 48);
    }
  });
  let text = '';
  for (let at = 0; at < characters.length; at += 8192) {
    text += String.fromCharCode(...characters.slice(at, at + 8192));
  }
  return text;
}

/** The counts that `countsToString`, or pycocotools, wrote. Throws `coco.rle`. */
export function stringToCounts(text: string, subject: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let shift = 0;
    for (let more = true; more;) {
      const bits = text.charCodeAt(at++) - 48;
      if (!(bits >= 0 && bits < 64) || shift > 30)
        throw broken(subject, `character ${at} of "counts" is none`);
      value |= (bits & 0x1f) << shift;
      more = (bits & 0x20) !== 0;
      shift += 5;
      if (!more && (bits & 0x10) !== 0) value |= -1 << shift;
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2]! : value);
  }
  return counts;
}

/** Calls `run` with every piece of a column that is inside: x, first row, row after the last. Throws `coco.rle`. */
export function eachRun(
  counts: RleCounts,
  size: { readonly width: number; readonly height: number; readonly subject: string },
  run: (x: number, y0: number, y1: number) => void,
): void {
  const { width, height, subject } = size;
  let at = 0;
  counts.forEach((count, index) => {
    if (!Number.isInteger(count) || count < 0) throw broken(subject, `a run of ${count} pixels`);
    const end = at + count;
    if (end > width * height) {
      throw broken(subject, `its runs have more than the ${width * height} pixels of ${width} x ${height}`);
    }
    if (index % 2 === 1) {
      while (at < end) {
        const x = Math.floor(at / height);
        const stop = Math.min(end, (x + 1) * height);
        run(x, at - x * height, stop - x * height);
        at = stop;
      }
    }
    at = end;
  });
  if (at !== width * height) throw broken(subject, `its runs have ${at} of ${width * height} pixels`);
}

function broken(subject: string, title: string): ProblemError {
  return new ProblemError({ code: 'coco.rle', title: `broken run-length encoding: ${title}`, subject });
}
