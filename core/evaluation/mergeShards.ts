import { ProblemError, type Problem } from '../problem.ts';
import { isSameEvaluation, type Shard, type ShardHeader, type ShardLine } from './shardFile.ts';

/** Shards as one. */
export interface MergedShards {
  readonly header: ShardHeader;
  /** In the order of the folder. */
  readonly lines: readonly ShardLine[];
  /** Images that no shard has. */
  readonly missing: number;
  readonly problems: readonly Problem[];
}

export interface NamedShard extends Shard {
  readonly name: string;
}

/**
 * Puts the images of shards together, in any order of the shards: figures of the whole are those of one run, to the
 * last bit, because they are made of the same counts in the same order. An image of several shards counts once.
 * Throws ProblemError `merge.nothing`, `merge.differ`.
 */
export function mergeShards(shards: readonly NamedShard[]): MergedShards {
  const [first] = shards;
  if (!first) throw new ProblemError({ code: 'merge.nothing', title: 'there is no shard to merge' });
  const lines = new Map<string, ShardLine>();
  for (const shard of shards) {
    if (!isSameEvaluation(first.header, shard.header)) {
      throw new ProblemError({
        code: 'merge.differ',
        subject: shard.name,
        title: `it is of another evaluation than ${first.name}`,
        hint: 'Merge shards of the same folder, models, keep ratios and settings',
      });
    }
    for (const [image, line] of shard.lines) {
      const known = lines.get(image);
      if (!known?.results) lines.set(image, line);
    }
  }
  const ordered = [...lines.values()].sort((a, b) => a.place - b.place);
  return {
    header: { ...first.header, shard: { index: 0, count: 1 } },
    lines: ordered,
    missing: Math.max(0, first.header.images - ordered.length),
    problems: ordered.flatMap(({ problems }) => problems),
  };
}
