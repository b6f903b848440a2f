import { dirname, resolve } from 'node:path';
import { catalogSchema } from '#core/models/catalog.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { stat } from 'node:fs/promises';
import type { FileHasher } from './fileHasher.ts';
import { readModelFolder } from './modelFolder.ts';
import { readJson } from './readJson.ts';

export interface CatalogModels {
  readonly models: readonly ModelInfo[];
  /** Of the models that could not be read. */
  readonly problems: readonly Problem[];
}

async function readEntries(catalogFile: string) {
  const names = { code: 'catalog', subject: 'models/catalog.json' };
  return (await readJson(catalogFile, catalogSchema, names))?.models ?? [];
}

type Entry = Awaited<ReturnType<typeof readEntries>>[number];

/** The catalogue's word on id, role and name counts; a file that is not the one it lists is said to be so. */
async function readEntry(catalogFile: string, entry: Entry, hasher?: FileHasher): Promise<ModelInfo> {
  const folder = resolve(dirname(catalogFile), entry.path);
  const { id, role, name } = entry;
  const info = await readModelFolder(folder, { id, role, name, embedded: true, hasher });
  if (info.sha256 === entry.sha256.toLowerCase()) return info;
  const changed: Problem = {
    code: 'model.otherHash',
    severity: 'note',
    title: 'its ONNX file is not the one that the catalogue lists',
    subject: id,
    detail: `sha256 ${info.sha256}, the catalogue says ${entry.sha256}`,
  };
  return { ...info, problems: [...info.problems, changed] };
}

/** Every model of models/catalog.json; one that cannot be read is a problem, and the others go on. */
export async function readCatalog(catalogFile: string, hasher?: FileHasher): Promise<CatalogModels> {
  const models: ModelInfo[] = [];
  const problems: Problem[] = [];
  try {
    for (const entry of await readEntries(catalogFile)) {
      try {
        models.push(await readEntry(catalogFile, entry, hasher));
      } catch (error) {
        problems.push(toProblem(error, { code: 'model.unreadable', subject: entry.id }));
      }
    }
  } catch (error) {
    problems.push(toProblem(error, { code: 'catalog.unreadable', subject: catalogFile }));
  }
  return { models, problems };
}

/**
 * The model that `idOrPath` names: an id of the catalogue, else the path of a model folder or of an ONNX file.
 * Throws ProblemError `model.unknown` where it is neither, `model.mapping` where something has to be said of it in a
 * dynaseg.json first, and what readModelFolder throws.
 */
export async function resolveModel(idOrPath: string, catalogFile: string): Promise<ModelInfo> {
  const entries = await readEntries(catalogFile);
  const entry = entries.find(({ id }) => id === idOrPath);
  if (entry) return readEntry(catalogFile, entry);
  if (await stat(idOrPath).catch(() => null)) {
    const info = await readModelFolder(idOrPath);
    const open = info.problems.find(({ code }) => code === 'model.mapping');
    if (open) throw new ProblemError(open);
    return info;
  }
  const ids = entries.map(({ id }) => id);
  throw new ProblemError({
    code: 'model.unknown',
    title: 'neither a model of the catalogue nor a model folder',
    subject: idOrPath,
    hint: ids.length > 0 ? `The catalogue has ${ids.join(', ')}` : 'The catalogue is empty',
  });
}
