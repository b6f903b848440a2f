import { z } from 'zod';
import { writeFileAtomic } from './atomicFile.ts';
import { readJson } from './readJson.ts';

const addedModelsSchema = z.object({ version: z.literal(1), folders: z.array(z.string()) });

/** Paths of the models that the user added, in that order; none where `file` is not there or damaged. */
export async function readAddedModels(file: string): Promise<string[]> {
  const names = { code: 'models', subject: file };
  const found = await readJson(file, addedModelsSchema, names).catch(() => null);
  return found?.folders ?? [];
}

/** Adds one for the next starts; once, however often it is added. */
export async function rememberAddedModel(file: string, path: string): Promise<void> {
  const known = await readAddedModels(file);
  if (!known.includes(path)) await writeAddedModels(file, [...known, path]);
}

/** Takes one out for the next starts. */
export async function forgetAddedModel(file: string, path: string): Promise<void> {
  const known = await readAddedModels(file);
  if (!known.includes(path)) return;
  await writeAddedModels(
    file,
    known.filter((other) => other !== path),
  );
}

function writeAddedModels(file: string, folders: readonly string[]): Promise<void> {
  return writeFileAtomic(file, JSON.stringify({ version: 1, folders }));
}
