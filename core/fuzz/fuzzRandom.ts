import { seededRandom } from '../mask/seededRandom.ts';

/** Choices that are the same for a seed: a damaged input can be made again from its number alone. */
export class FuzzRandom {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('nothing to choose from');
    return found;
  }
}

/** A seed of its own for input `index` of a kind. */
export function seedOf(seed: number, kind: string, index: number): number {
  let mixed = seed >>> 0;
  for (const character of kind) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return Math.imul(mixed ^ index, 0x9e3779b1) >>> 0;
}
