import { readFile } from 'node:fs/promises';
import { mergeShards, type NamedShard } from '#core/evaluation/mergeShards.ts';
import { parseShard } from '#core/evaluation/shardFile.ts';
import { unreadable } from '../../main/node/fileProblem.ts';
import { concludeEvaluation, type ConclusionOptions } from '../evaluation/concludeEvaluation.ts';
import type { ExitCode } from '../exitCodes.ts';

export interface MergeOptions extends ConclusionOptions {
  /** What `evaluate --out` wrote, in any order. */
  readonly files: readonly string[];
}

/** `dynaseg merge`: the figures of a folder that was measured in shards. */
export async function merge(options: MergeOptions): Promise<ExitCode> {
  const shards: NamedShard[] = [];
  for (const name of options.files) {
    const text = await readFile(name, 'utf8').catch((error: unknown) => {
      throw unreadable('shard.unreadable', name, error);
    });
    shards.push({ ...parseShard(text, name), name });
  }
  const { header, lines } = mergeShards(shards);
  return concludeEvaluation({ header, lines, problems: [], expected: header.images }, options);
}
