import { readFile } from 'node:fs/promises';
import { catalogSchema } from '#core/models/catalog.ts';
import type { ModelRole } from '#core/models/modelInfo.ts';
import { ProblemError } from '#core/problem.ts';
import { catalogFile } from './repositoryFiles.ts';

/** The id of the catalogue's first model of a role. Throws ProblemError `catalog.noModel`. */
export async function defaultModel(role: ModelRole): Promise<string> {
  const { models } = catalogSchema.parse(JSON.parse(await readFile(catalogFile, 'utf8')));
  const first = models.find((model) => model.role === role);
  if (first) return first.id;
  throw new ProblemError({
    code: 'catalog.noModel',
    subject: 'models/catalog.json',
    title: `it lists no ${role}`,
    hint: `Name one with --${role}`,
  });
}
