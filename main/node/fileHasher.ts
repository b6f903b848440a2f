import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { writeFileAtomic } from './atomicFile.ts';
import { readJson } from './readJson.ts';

const cacheSchema = z.object({
  version: z.literal(1),
  files: z.record(z.string(), z.object({ bytes: z.number(), mtimeMs: z.number(), sha256: z.string() })),
});
type Cache = z.infer<typeof cacheSchema>;

/** SHA-256 of a file's contents, lower-case hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Hashes files, and remembers the hash of one whose size and time of change are as they were. */
export class FileHasher {
  private cache: Promise<Cache> | null = null;

  /** `cacheFile`: JSON that this class alone writes; without one nothing is remembered between runs. */
  constructor(private readonly cacheFile: string | null = null) {}

  async hash(path: string): Promise<string> {
    const cache = await (this.cache ??= this.readCache());
    const { size: bytes, mtimeMs } = await stat(path);
    const known = cache.files[path];
    if (known?.bytes === bytes && known.mtimeMs === mtimeMs) return known.sha256;
    const sha256 = await hashFile(path);
    cache.files[path] = { bytes, mtimeMs, sha256 };
    if (this.cacheFile !== null) {
      // A cache that cannot be written costs a second at the next start, no message.
      await writeFileAtomic(this.cacheFile, JSON.stringify(cache)).catch(() => undefined);
    }
    return sha256;
  }

  private async readCache(): Promise<Cache> {
    const empty: Cache = { version: 1, files: {} };
    if (this.cacheFile === null) return empty;
    const names = { code: 'hashes', subject: this.cacheFile };
    return (await readJson(this.cacheFile, cacheSchema, names).catch(() => null)) ?? empty;
  }
}
