import { medianOf } from '../../cli/inference/medianOf.ts';

/** Milliseconds of contestants that took turns, so that a machine that slows down slows all of them. */
export interface Series {
  readonly what: string;
  /** By contestant, a time per round. */
  readonly times: Readonly<Record<string, readonly number[]>>;
}

/**
 * Milliseconds before each turn: what a contestant leaves behind (garbage to collect, threads that spin for more
 * work) is not to be counted as its successor's.
 */
const REST = 300;

/** Runs every contestant once per round, after one round that is not counted. */
export async function takeTurns(
  what: string,
  rounds: number,
  contestants: Readonly<Record<string, () => Promise<number>>>,
): Promise<Series> {
  const times: Record<string, number[]> = Object.fromEntries(
    Object.keys(contestants).map((name) => [name, []]),
  );
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      await new Promise((resolve) => setTimeout(resolve, REST));
      const milliseconds = await run();
      if (round >= 0) times[name]!.push(milliseconds);
    }
  }
  return { what, times };
}

export function medianIn({ times }: Series, name: string): number {
  return medianOf(times[name] ?? []);
}

/** How many times as long `slow` takes as `fast`: the median of the ratios round by round. */
export function ratioIn({ times }: Series, slow: string, fast: string): number {
  const divisors = times[fast] ?? [];
  return medianOf((times[slow] ?? []).map((time, round) => time / (divisors[round] ?? NaN)));
}
