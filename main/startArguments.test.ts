import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { folderArgument } from './startArguments.ts';

it('finds the folder after the app in development, and first in a package', () => {
  expect(folderArgument(['electron', '--no-sandbox', '/repo', '--flag', 'pictures'], true)).toBe(
    resolve('pictures'),
  );
  expect(folderArgument(['electron', '/repo'], true)).toBeNull();
  expect(folderArgument(['dynaseg-studio', '--flag', '/data/x'], false)).toBe(resolve('/data/x'));
  expect(folderArgument(['dynaseg-studio'], false)).toBeNull();
});
