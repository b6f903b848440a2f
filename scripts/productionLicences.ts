import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Licences that a package of the studio may carry: none asks for more than its text beside the program. */
export const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]);

export interface ProductionPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; empty where the package names none. */
  readonly licence: string;
  /** Below the root: `node_modules/zod`. */
  readonly folder: string;
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

/** Every package that is installed without the development ones, by the lockfile, in the order of their names. */
export function productionPackages(lockfile: string): ProductionPackage[] {
  const { packages } = lockSchema.parse(JSON.parse(lockfile));
  return Object.entries(packages)
    .filter(([folder, { dev, link }]) => folder !== '' && !dev && !link)
    .map(([folder, { version = '', license: licence = '' }]) => {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, licence, folder };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Whether an SPDX expression allows it: of `A OR B` one is enough, of `A AND B` both are needed. */
export function isAllowed(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, ' ').trim();
  if (bare === '') return false;
  const all = (part: string) => part.split(/\s+AND\s+/).every((name) => ALLOWED_LICENCES.has(name.trim()));
  return bare.split(/\s+OR\s+/).some(all);
}

/** The texts of a package's licence and notice files; empty where it ships none. */
export async function licenceTexts(folder: string): Promise<string> {
  const names = (await readdir(folder))
    .filter((name) => /^(licen[cs]e|copying|notice|third)/i.test(name))
    .sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts
    .map((text) => text.trim())
    .filter(Boolean)
    .join('\n\n');
}
