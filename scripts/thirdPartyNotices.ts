import { readFile } from 'node:fs/promises';
import { licenceTexts, productionPackages } from './productionLicences.ts';
import { inRepository } from './repository.ts';

const FOUND_ELSEWHERE = 'The package ships no text of it; the licence is the standard one of that name.';

/** The licences of every package that the studio ships with, as one text that goes with it. */
export async function thirdPartyNotices(): Promise<string> {
  const packages = productionPackages(await readFile(inRepository('package-lock.json'), 'utf8'));
  const parts = await Promise.all(
    packages.map(async ({ name, version, licence, folder }) => {
      const text = (await licenceTexts(inRepository(folder))) || FOUND_ELSEWHERE;
      return `${name} ${version}\n${licence}\n\n${text}\n`;
    }),
  );
  const line = `${'-'.repeat(78)}\n`;
  const head =
    'DynaSeg Studio contains these packages of others. Electron and Chromium have files of their own.\n';
  return [head, ...parts].join(line);
}
