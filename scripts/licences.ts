import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isAllowed, licenceTexts, productionPackages, type ProductionPackage } from './productionLicences.ts';
import { inRepository } from './repository.ts';

const USAGE = `npx tsx scripts/licences.ts [--notices FILE]
Lists the licence of every package that the studio ships with, and fails on one that is not allowed.
--notices: writes their texts into a file, which a package of the studio has to carry.`;

const FOUND_ELSEWHERE = 'The package ships no text of it; the licence is the standard one of that name.';

async function notices(packages: readonly ProductionPackage[]): Promise<string> {
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

try {
  const { values } = parseArgs({ options: { notices: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) console.log(USAGE);
  else {
    const packages = productionPackages(await readFile(inRepository('package-lock.json'), 'utf8'));
    for (const { name, version, licence } of packages)
      console.log(`${name} ${version}: ${licence || 'none'}`);
    const refused = packages.filter(({ licence }) => !isAllowed(licence));
    for (const { name, licence } of refused) {
      console.error(
        `${name}: its licence (${licence || 'none named'}) is not one that the studio may ship with`,
      );
    }
    console.log(`${packages.length} packages, ${refused.length} not allowed`);
    if (values.notices !== undefined) {
      const file = resolve(values.notices);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, await notices(packages));
      console.log(`written: ${file}`);
    }
    process.exitCode = refused.length > 0 ? 1 : 0;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
