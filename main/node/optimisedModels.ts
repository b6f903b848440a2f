import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { isStudioMapping } from '#core/models/adaptGraph.ts';
import type { ModelMapping } from '#core/models/modelMapping.ts';
import { adapterVersion, makeRunForm, type MadeForm, type RunForm } from '#core/models/runForm.ts';
import { optimiserVersion } from '#core/onnx/segformer/optimiseModel.ts';
import { ProblemError } from '#core/problem.ts';
import { z } from 'zod';
import { writeFileAtomic } from './atomicFile.ts';
import { hashFile } from './fileHasher.ts';
import { readJson } from './readJson.ts';
import { readOnnxFile } from './readOnnxFile.ts';

/** Models that were not opened for longer than the newest of these are forgotten; they are made again when asked for. */
const MOST_ENTRIES = 40;

const noteSchema = z.discriminatedUnion('optimised', [
  z.object({ optimised: z.literal(true), sha256: z.string(), bytes: z.number() }),
  z.object({
    optimised: z.literal(false),
    where: z.string(),
    expected: z.string(),
    found: z.string(),
    /** Of the adapted form; without: the original runs. */
    sha256: z.string().optional(),
  }),
]);
type Note = z.infer<typeof noteSchema>;

/** Versions of both that make forms: what earlier ones wrote is made again. */
const VERSION = `${optimiserVersion}.${adapterVersion}`;

/** What has to be known of a model to serve it. */
type ServableModel = Pick<ModelInfo, 'onnxFile' | 'sha256' | 'mapping'>;

/** The file to run in place of a model's own. */
export interface ServedModel {
  /** Absolute path. */
  readonly path: string;
  readonly optimised: boolean;
  /** Why it is the model's own file; null where it is not. */
  readonly reason: string | null;
}

/** Makes the bytes of a form; in the app beside the main thread. */
export type Optimise = (onnxFile: string, form: RunForm, mapping: ModelMapping | null) => Promise<MadeForm>;

export async function optimiseFile(
  onnxFile: string,
  form: RunForm,
  mapping: ModelMapping | null = null,
): Promise<MadeForm> {
  const { model } = await readOnnxFile(onnxFile);
  return makeRunForm(model, form, mapping);
}

/**
 * The forms of models that run, made once and kept in a folder: `<sha256 of the original>-<version>-<form>.onnx`, and
 * beside it a note with the form's own hash, or with what kept the model from being rewritten. A form that does not
 * have the hash that its note names (cut off, damaged, edited) is made again. Originals are only read.
 */
export class OptimisedModels {
  private readonly making = new Map<string, Promise<ServedModel>>();

  constructor(
    private readonly folder: string,
    private readonly optimise: Optimise = optimiseFile,
  ) {}

  /**
   * Where the form cannot be made or kept, it is the original that runs; but one that has to be adapted first cannot.
   *
   * @throws ProblemError `model.adapt`
   */
  async fileFor(model: ServableModel, form: RunForm): Promise<ServedModel> {
    const key = `${await contentKey(model)}-${VERSION}-${form}`;
    const known = this.making.get(key);
    if (known) return known;
    const making = this.find(model, key, form).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      // With the studio's own input and output it is better than nothing.
      if (!model.mapping || isStudioMapping(model.mapping)) return original(model.onnxFile, reason);
      throw new ProblemError(
        {
          code: 'model.adapt',
          title: 'its graph cannot be brought into the form that the studio runs',
          subject: model.onnxFile,
          detail: reason,
        },
        { cause: error },
      );
    });
    this.making.set(key, making);
    // Asked for again, the file is looked at again: it may have gone meanwhile.
    const forget = () => this.making.delete(key);
    making.then(forget, forget);
    return making;
  }

  /** Deletes the forms of a model that is removed; one that is needed again is made again. */
  async forget(model: ServableModel): Promise<void> {
    const key = await contentKey(model);
    const forms: readonly RunForm[] = ['wasm', 'webgpu', 'plain'];
    const waiting = forms.flatMap((form) => this.making.get(`${key}-${VERSION}-${form}`) ?? []);
    await Promise.allSettled(waiting);
    for (const form of forms) await this.remove(`${key}-${VERSION}-${form}`);
  }

  private async remove(key: string): Promise<void> {
    await rm(join(this.folder, `${key}.json`), { force: true });
    await rm(join(this.folder, `${key}.onnx`), { force: true });
  }

  private async find(
    { onnxFile, mapping = null }: ServableModel,
    key: string,
    form: RunForm,
  ): Promise<ServedModel> {
    const path = join(this.folder, `${key}.onnx`);
    const notePath = join(this.folder, `${key}.json`);
    const names = { code: 'optimised', subject: notePath };
    const served = (note: Note): ServedModel => ({
      path: note.sha256 === undefined ? onnxFile : path,
      optimised: note.optimised,
      reason: reasonOf(note),
    });
    const known = await readJson(notePath, noteSchema, names).catch(() => null);
    const isKept = async ({ sha256 }: Note) =>
      sha256 === undefined || (await hashFile(path).catch(() => null)) === sha256;
    if (known && (await isKept(known))) return served(known);
    const made = await this.optimise(onnxFile, form, mapping);
    await mkdir(this.folder, { recursive: true });
    const note = noteOf(made);
    // The note last: a form without one is not trusted.
    if (made.bytes) await writeFileAtomic(path, made.bytes);
    await writeFileAtomic(notePath, JSON.stringify(note));
    if (made.bytes) await this.forgetOld(key).catch(() => undefined);
    return served(note);
  }

  /** Forms of other versions, and the oldest beyond MOST_ENTRIES. */
  private async forgetOld(kept: string): Promise<void> {
    const names = await readdir(this.folder);
    const current = new RegExp(`^[0-9a-f]{64}-${VERSION}-(wasm|webgpu|plain)\\.(onnx|json)$`);
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
      await this.remove(key);
    }
  }
}

function original(path: string, reason: string): ServedModel {
  return { path, optimised: false, reason };
}

function noteOf(made: MadeForm): Note {
  const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  if (made.optimised) return { optimised: true, sha256: hashOf(made.bytes), bytes: made.bytes.length };
  const { where, expected, found, bytes } = made;
  return { optimised: false, where, expected, found, sha256: bytes && hashOf(bytes) };
}

/** Why a form is not optimised; null where it is. */
function reasonOf(note: Note): string | null {
  return note.optimised ? null : `${note.where}: expected ${note.expected}, found ${note.found}`;
}

/**
 * What a graph, the weights beside it and its mapping are: the file's own hash, with the size and time of files of
 * weights, and with a mapping that says more than the names of the studio's own form.
 */
async function contentKey({ onnxFile, sha256, mapping = null }: ServableModel): Promise<string> {
  const folder = dirname(onnxFile);
  const beside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const weights = beside.filter((entry) => entry.isFile() && !/\.(onnx|json|md|txt|ort)$/i.test(entry.name));
  const usual = mapping === null || isStudioMapping(mapping);
  if (weights.length === 0 && usual) return sha256;
  const states = await Promise.all(
    weights.map(async ({ name }) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
  return createHash('sha256')
    .update([sha256, ...states.sort(), usual ? '' : JSON.stringify(mapping)].join('\n'))
    .digest('hex');
}
