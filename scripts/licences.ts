import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isAllowed, productionPackages } from './productionLicences.ts';
import { inRepository } from './repository.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

const USAGE = `npx tsx scripts/licences.ts [--notices FILE]
Lists the licence of every package that the studio ships with, and fails on one that is not allowed.
--notices: writes their texts into a file, as every package of the studio carries it.`;

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
      await writeFile(file, await thirdPartyNotices());
      console.log(`written: ${file}`);
    }
    process.exitCode = refused.length > 0 ? 1 : 0;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
