/** A small deterministic source of numbers: the same on every machine for the same seed. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [from, to). */
  range(from: number, to: number): number;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** One of [value, weight] pairs. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** A source of its own, so that what one object draws never moves what the next one gets. */
  fork(): Random;
}

/** mulberry32: 32 bits of state, integer arithmetic only. `seed` is any whole number. */
export function createRandom(seed: number): Random {
  // Neighbouring seeds must not give neighbouring streams.
  let state = mixBits((seed | 0) ^ Math.imul(Math.floor(seed / 4294967296) | 0, 0x9e3779b1));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const random: Random = {
    next,
    range: (from, to) => from + (to - from) * next(),
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
    weighted: <T>(list: readonly (readonly [T, number])[]): T => {
      let total = 0;
      for (const [, weight] of list) total += weight;
      let rest = next() * total;
      for (const [value, weight] of list) {
        rest -= weight;
        if (rest < 0) return value;
      }
      return list[list.length - 1]![0];
    },
    fork: () => createRandom(Math.floor(next() * 4294967296)),
  };
  return random;
}

function mixBits(value: number): number {
  let h = value ^ 0x5bd1e995;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
