import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { leadsOut } from '#core/formats/leadsOut.ts';
import type { FileContent } from '#core/formats/maskFormat.ts';
import { ProblemError } from '#core/problem.ts';
import { isRunning, ownIdentity, processIdentitySchema } from './processIdentity.ts';

const OWNER = '.owner.json';
const JOURNAL = '.journal.jsonl';

const lineSchema = z.object({
  // It is removed where it is not needed any more: nothing outside may be.
  path: z.string().refine((path) => !leadsOut(path)),
  key: z.string().nullable(),
  sha256: z.string(),
  bytes: z.number(),
});
type Line = z.infer<typeof lineSchema>;

export interface PartOptions {
  /** How a file is written: it is on the disk when the promise is kept. */
  readonly writeFile: (path: string, content: string | Uint8Array) => Promise<void>;
}

/**
 * A folder that is being written beside the place where it is to appear. Every finished file is noted in a journal;
 * when the process is killed, the next export to the same place goes on from there.
 */
export class ExportPart {
  readonly #done: Map<string, Line>;
  readonly #written = new Map<string, string>();
  readonly #growing = new Set<string>();

  private constructor(
    readonly path: string,
    private readonly folder: string,
    private readonly options: PartOptions,
    done: readonly Line[],
  ) {
    this.#done = new Map(done.map((line) => [line.path, line]));
  }

  /** Throws `export.busy` where a running process writes to the same place. */
  static async open(folder: string, options: PartOptions): Promise<ExportPart> {
    const path = join(dirname(folder), `.${basename(folder)}.part`);
    const owner = await readFile(join(path, OWNER), 'utf8').catch(() => null);
    if (owner !== null) assertFree(owner, folder);
    const done = await readJournal(join(path, JOURNAL));
    if (done.length === 0) await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true });
    await writeFile(join(path, OWNER), JSON.stringify(ownIdentity()));
    return new ExportPart(path, folder, options, done);
  }

  /** Paths of all files, in the order in which they were written. */
  get files(): readonly string[] {
    return [...this.#written.keys()];
  }

  /**
   * Writes a file, or finds that it was written before from the same `key`; null: it is always written. `content` is
   * asked only where it is needed. Answers its SHA-256.
   */
  async write(
    path: string,
    key: string | null,
    content: () => FileContent | Promise<FileContent>,
  ): Promise<string> {
    const known = key === null ? undefined : this.#done.get(path);
    if (known?.key === key && (await stat(this.place(path)).catch(() => null))?.size === known.bytes) {
      this.#written.set(path, known.sha256);
      return known.sha256;
    }
    const whole = await content();
    await mkdir(dirname(this.place(path)), { recursive: true });
    await this.options.writeFile(this.place(path), whole);
    const sha256 = createHash('sha256').update(whole).digest('hex');
    const line: Line = { path, key, sha256, bytes: Buffer.byteLength(whole) };
    await appendFile(join(this.path, JOURNAL), `${JSON.stringify(line)}\n`);
    this.#written.set(path, sha256);
    return sha256;
  }

  /** Adds a piece to the end of a file; such files begin anew with every export. */
  async append(path: string, piece: string): Promise<void> {
    const file = this.place(path);
    if (!this.#growing.has(path)) {
      this.#growing.add(path);
      this.#written.set(path, '');
      await mkdir(dirname(file), { recursive: true });
      await rm(file, { force: true });
    }
    await appendFile(file, piece);
  }

  /** Throws for a path that leads out: what names the files has to ask leadsOut before. */
  private place(path: string): string {
    if (leadsOut(path)) throw new Error(`${path} leads out of ${this.path}`);
    return join(this.path, path);
  }

  /** Moves the finished folder to its place. What was there before is there until then, and again if this fails. */
  async putInPlace(before: 'free' | 'empty' | 'export'): Promise<void> {
    for (const path of this.#growing) await syncFile(join(this.path, path));
    await this.removeStrangers();
    await syncFolder(this.path);
    const { folder } = this;
    if (before === 'export') {
      const old = join(dirname(folder), `.${basename(folder)}.${process.pid}.old`);
      await rename(folder, old);
      try {
        await rename(this.path, folder);
      } catch (error) {
        await rename(old, folder);
        throw error;
      }
      await rm(old, { recursive: true, force: true });
    } else {
      if (before === 'empty') await rmdir(folder);
      await rename(this.path, folder);
    }
    await syncFolder(dirname(folder));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Files of an export that was killed and that this one does not have, and the notes of this one. */
  private async removeStrangers(): Promise<void> {
    const strangers = [...this.#done.keys()].filter((path) => !this.#written.has(path));
    for (const path of [...strangers, OWNER, JOURNAL]) {
      await rm(join(this.path, path), { force: true });
      for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
        const removed = await rmdir(join(this.path, folder)).then(
          () => true,
          () => false,
        );
        // A folder that holds something is still needed.
        if (!removed) break;
      }
    }
  }
}

function assertFree(owner: string, folder: string): void {
  let parsed;
  try {
    parsed = processIdentitySchema.safeParse(JSON.parse(owner));
  } catch {
    return;
  }
  if (!parsed.success || parsed.data.pid === process.pid || isRunning(parsed.data) !== 'yes') return;
  throw new ProblemError({
    code: 'export.busy',
    title: `process ${parsed.data.pid} is exporting to it`,
    subject: folder,
    hint: 'Wait for its end, or choose another folder',
  });
}

/** Whole lines of it; the last may have been cut by the end of the process. */
async function readJournal(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = lineSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a folder's entries durable. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
