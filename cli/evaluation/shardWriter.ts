import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  isSameEvaluation,
  parseShard,
  type ShardHeader,
  type ShardLine,
} from '#core/evaluation/shardFile.ts';
import { ProblemError } from '#core/problem.ts';

/** A shard file that grows by a line per image, and goes on where a killed process left it. */
export class ShardWriter {
  private constructor(
    private readonly file: number,
    /** What the file had when it was opened, by image. */
    readonly known: ReadonlyMap<string, ShardLine>,
  ) {}

  /** Throws ProblemError `shard.other` for a file of another evaluation, and as parseShard. */
  static async open(path: string, header: ShardHeader): Promise<ShardWriter> {
    await mkdir(dirname(resolve(path)), { recursive: true });
    const before = readIfThere(path);
    // Killed before its first line was whole.
    const shard = before.includes('\n') ? parseShard(before, path) : null;
    const same =
      shard &&
      isSameEvaluation(shard.header, header) &&
      JSON.stringify(shard.header.shard) === JSON.stringify(header.shard);
    if (shard && !same) {
      throw new ProblemError({
        code: 'shard.other',
        subject: path,
        title: 'it holds the results of another evaluation or shard',
        hint: 'Choose a new file, or remove this one',
      });
    }
    if (before !== '') {
      truncateSync(path, shard ? Buffer.byteLength(before.slice(0, shard.wholeLength)) : 0);
    }
    const file = openSync(path, 'a');
    if (!shard) writeSync(file, `${JSON.stringify(header)}\n`);
    return new ShardWriter(file, shard?.lines ?? new Map<string, ShardLine>());
  }

  /** The line survives a kill of this process. */
  add(line: ShardLine): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
