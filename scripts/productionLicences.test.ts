import { expect, it } from 'vitest';
import { isAllowed, productionPackages } from './productionLicences.ts';

it.each([
  ['MIT', true],
  ['(Apache-2.0 AND BSD-3-Clause)', true],
  ['GPL-3.0-only OR MIT', true],
  ['GPL-3.0-only', false],
  ['MIT AND GPL-3.0-only', false],
  ['AGPL-3.0', false],
  ['UNLICENSED', false],
  ['SEE LICENSE IN x', false],
  ['', false],
])('%s: allowed is %s', (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

it('lists what is installed for users, with what that needs, and no tool of the developers', () => {
  const lockfile = JSON.stringify({
    packages: {
      '': { version: '1.0.0', license: 'Apache-2.0' },
      'node_modules/b': { version: '2.0.0', license: 'MIT' },
      'node_modules/b/node_modules/@x/a': { version: '1.0.0', license: 'ISC' },
      'node_modules/none': { version: '3.0.0' },
      'node_modules/tool': { version: '9.0.0', license: 'GPL-3.0-only', dev: true },
    },
  });
  expect(productionPackages(lockfile)).toEqual([
    { name: '@x/a', version: '1.0.0', licence: 'ISC', folder: 'node_modules/b/node_modules/@x/a' },
    { name: 'b', version: '2.0.0', licence: 'MIT', folder: 'node_modules/b' },
    { name: 'none', version: '3.0.0', licence: '', folder: 'node_modules/none' },
  ]);
});
