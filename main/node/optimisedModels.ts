import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { EmitBackend } from '#core/onnx/segformer/emitOptions.ts';
import { optimiseModel, optimiserVersion, type Optimisation } from '#core/onnx/segformer/optimiseModel.ts';
import { z } from 'zod';
import { writeFileAtomic } from './atomicFile.ts';
import { readJson } from './readJson.ts';
import { readOnnxFile } from './readOnnxFile.ts';

/** Models that were not opened for longer than the newest of these are forgotten; they are made again when asked for. */
const MOST_ENTRIES = 40;

const noteSchema = z.discriminatedUnion('optimised', [
  z.object({ optimised: z.literal(true), sha256: z.string(), bytes: z.number() }),
  z.object({ optimised: z.literal(false), where: z.string(), expected: z.string(), found: z.string() }),
]);
type Note = z.infer<typeof noteSchema>;

/** The file to run in place of a model's own. */
export interface ServedModel {
  /** Absolute path. */
  readonly path: string;
  readonly optimised: boolean;
  /** Why it is the model's own file; null where it is not. */
  readonly reason: string | null;
}

/** Makes the bytes of a form; in the app beside the main thread. */
export type Optimise = (onnxFile: string, backend: EmitBackend) => Promise<Optimisation>;

export async function optimiseFile(onnxFile: string, backend: EmitBackend): Promise<Optimisation> {
  const { model } = await readOnnxFile(onnxFile);
  return optimiseModel(model, backend);
}

/**
 * Optimised forms of models, made once and kept in a folder: `<sha256 of the original>-<version>-<backend>.onnx`, and
 * beside it a note with the form's own hash, or with what kept the model from being recognised. A form that does not
 * have the hash that its note names (cut off, damaged, edited) is made again. Originals are only read.
 */
export class OptimisedModels {
  private readonly making = new Map<string, Promise<ServedModel>>();

  constructor(
    private readonly folder: string,
    private readonly optimise: Optimise = optimiseFile,
  ) {}

  /** Never throws: where the form cannot be made or kept, it is the original that runs. */
  async fileFor(model: Pick<ModelInfo, 'onnxFile' | 'sha256'>, backend: EmitBackend): Promise<ServedModel> {
    const key = `${await contentKey(model)}-${optimiserVersion}-${backend}`;
    const known = this.making.get(key);
    if (known) return known;
    const making = this.find(model.onnxFile, key, backend).catch((error: unknown) =>
      original(model.onnxFile, error instanceof Error ? error.message : String(error)),
    );
    this.making.set(key, making);
    // Asked for again, the file is looked at again: it may have gone meanwhile.
    void making.finally(() => this.making.delete(key));
    return making;
  }

  private async find(onnxFile: string, key: string, backend: EmitBackend): Promise<ServedModel> {
    const path = join(this.folder, `${key}.onnx`);
    const notePath = join(this.folder, `${key}.json`);
    const names = { code: 'optimised', subject: notePath };
    const note = await readJson(notePath, noteSchema, names).catch(() => null);
    if (note?.optimised === false) return original(onnxFile, reasonOf(note));
    if (note !== null && (await hashOf(path)) === note.sha256) return { path, optimised: true, reason: null };
    const made = await this.optimise(onnxFile, backend);
    await mkdir(this.folder, { recursive: true });
    if (!made.optimised) {
      const { where, expected, found } = made;
      const entry: Note = { optimised: false, where, expected, found };
      await writeFileAtomic(notePath, JSON.stringify(entry));
      return original(onnxFile, reasonOf(entry));
    }
    const sha256 = createHash('sha256').update(made.bytes).digest('hex');
    // The note last: a form without one is not trusted.
    await writeFileAtomic(path, made.bytes);
    const entry: Note = { optimised: true, sha256, bytes: made.bytes.length };
    await writeFileAtomic(notePath, JSON.stringify(entry));
    await this.forgetOld(key).catch(() => undefined);
    return { path, optimised: true, reason: null };
  }

  /** Forms of other versions, and the oldest beyond MOST_ENTRIES. */
  private async forgetOld(kept: string): Promise<void> {
    const names = await readdir(this.folder);
    const current = new RegExp(`^[0-9a-f]{64}-${optimiserVersion}-(wasm|webgpu)\\.(onnx|json)$`);
    for (const name of names) {
      if (/\.(onnx|json)$/.test(name) && !current.test(name))
        await rm(join(this.folder, name), { force: true });
    }
    const notes = names.filter((name) => current.test(name) && name.endsWith('.json'));
    const aged = await Promise.all(
      notes.map(async (name) => ({
        key: name.slice(0, -5),
        time: (await stat(join(this.folder, name))).mtimeMs,
      })),
    );
    aged.sort((a, b) => b.time - a.time);
    for (const { key } of aged.slice(MOST_ENTRIES)) {
      if (key === kept) continue;
      await rm(join(this.folder, `${key}.json`), { force: true });
      await rm(join(this.folder, `${key}.onnx`), { force: true });
    }
  }
}

function original(path: string, reason: string): ServedModel {
  return { path, optimised: false, reason };
}

function reasonOf({ where, expected, found }: Extract<Note, { optimised: false }>): string {
  return `${where}: expected ${expected}, found ${found}`;
}

/** What a graph and the weights beside it are: the file's own hash, with the size and time of files of weights. */
async function contentKey({ onnxFile, sha256 }: Pick<ModelInfo, 'onnxFile' | 'sha256'>): Promise<string> {
  const folder = dirname(onnxFile);
  const beside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const weights = beside.filter((entry) => entry.isFile() && !/\.(onnx|json|md|txt|ort)$/i.test(entry.name));
  if (weights.length === 0) return sha256;
  const states = await Promise.all(
    weights.map(async ({ name }) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
  return createHash('sha256')
    .update([sha256, ...states.sort()].join('\n'))
    .digest('hex');
}

async function hashOf(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes && createHash('sha256').update(bytes).digest('hex');
}
