import type { Runs } from '../mask/components.ts';

/**
 * Gives each region of fewer than `smallest` pixels to the region that it has the longest border with, the
 * smallest first, and again what is still too small; one without a neighbour to nobody.
 *
 * `roots`: each run's region, named by its first run. Answers each run's region after that: the root of the one
 * that took it in, -1 for nobody.
 */
export function foldSpecks(runs: Runs, roots: Uint32Array, smallest: number): Int32Array {
  const areas = new Map<number, number>();
  for (let run = 0; run < runs.count; run++) {
    const root = roots[run]!;
    areas.set(root, (areas.get(root) ?? 0) + runs.end[run]! - runs.start[run]!);
  }
  const specks = [...areas].filter(([, area]) => area < smallest).sort(([, a], [, b]) => a - b);
  const borders = findBorders(runs, roots, (root) => areas.get(root)! < smallest);
  const owner = new Map<number, number>();
  const ownerOf = (root: number): number => {
    let found = root;
    for (let next = owner.get(found); next !== undefined; next = owner.get(found)) found = next;
    return found;
  };
  for (const [speck] of specks) {
    const area = areas.get(speck)!;
    // What an earlier speck brought in may have made it large enough.
    if (area >= smallest) continue;
    const neighbours = bordersOf(borders.get(speck), speck, ownerOf);
    let taker = -1;
    let longest = 0;
    for (const [neighbour, length] of neighbours) {
      if (length > longest || (length === longest && neighbour < taker)) {
        taker = neighbour;
        longest = length;
      }
    }
    owner.set(speck, taker);
    if (taker < 0) continue;
    areas.set(taker, areas.get(taker)! + area);
    // Large regions need no list of their borders: nobody takes them in.
    const own = borders.get(taker);
    if (own) for (const [neighbour, length] of neighbours) own.push([neighbour, length]);
  }
  return Int32Array.from(roots, (root) => ownerOf(root));
}

type Border = [neighbour: number, length: number];

/** The borders of the regions that `isWanted`, pixel edges with other regions, some of them in parts. */
function findBorders(
  runs: Runs,
  roots: Uint32Array,
  isWanted: (root: number) => boolean,
): ReadonlyMap<number, Border[]> {
  const { firstOfRow, start, end } = runs;
  const borders = new Map<number, Border[]>();
  const wanted = new Uint8Array(runs.count);
  for (let run = 0; run < runs.count; run++) {
    if (!isWanted(roots[run]!)) continue;
    wanted[run] = 1;
    if (!borders.has(roots[run]!)) borders.set(roots[run]!, []);
  }
  const meet = (a: number, b: number, length: number): void => {
    if (roots[a] === roots[b]) return;
    if (wanted[a] === 1) borders.get(roots[a]!)!.push([roots[b]!, length]);
    if (wanted[b] === 1) borders.get(roots[b]!)!.push([roots[a]!, length]);
  };
  for (let y = 0; y + 1 < firstOfRow.length; y++) {
    const rowEnd = firstOfRow[y + 1]!;
    for (let run = firstOfRow[y]! + 1; run < rowEnd; run++) {
      if (start[run] === end[run - 1]) meet(run, run - 1, 1);
    }
    if (y === 0) continue;
    let above = firstOfRow[y - 1]!;
    for (let run = firstOfRow[y]!; run < rowEnd; run++) {
      while (above < firstOfRow[y]! && end[above]! <= start[run]!) above++;
      for (let other = above; other < firstOfRow[y]! && start[other]! < end[run]!; other++) {
        meet(run, other, Math.min(end[run]!, end[other]!) - Math.max(start[run]!, start[other]!));
      }
    }
  }
  return borders;
}

/** Added up by who owns the neighbours now, without the region itself. */
function bordersOf(
  borders: readonly Border[] | undefined,
  root: number,
  ownerOf: (root: number) => number,
): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const [neighbour, length] of borders ?? []) {
    const owner = ownerOf(neighbour);
    if (owner !== root && owner >= 0) sums.set(owner, (sums.get(owner) ?? 0) + length);
  }
  return sums;
}
