import { InvalidArgumentError } from 'commander';

/** Part of a folder: see ShardHeader. */
export interface ShardOption {
  readonly index: number;
  readonly count: number;
}

/** `2/8`: the third of eight shards; they count from 0, as the array jobs of schedulers do. */
export function parseShardOption(text: string): ShardOption {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index >= count) {
    throw new InvalidArgumentError('It must be I/N with I from 0 to N - 1: 0/8 is the first of eight.');
  }
  return { index, count };
}
