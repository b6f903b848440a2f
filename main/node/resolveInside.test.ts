import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isInside, resolveInside } from './resolveInside.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

it('finds what lies inside, and nothing else', async () => {
  await using folder = await temporaryFolder();
  const secret = await folder.write('secret.txt', 'secret');
  const page = await folder.write('page/index.html', 'page');
  await folder.write('page-two/index.html', 'another folder whose name begins alike');
  const inside = join(folder.path, 'page');
  await symlink(secret, join(inside, 'link.txt'));
  await symlink(page, join(inside, 'own.html'));

  expect(await resolveInside(inside, 'index.html')).toBe(page);
  expect(await resolveInside(inside, 'own.html')).toBe(page);
  expect(await resolveInside(inside, 'link.txt')).toBeNull();
  expect(await resolveInside(inside, '../secret.txt')).toBeNull();
  expect(await resolveInside(inside, '../page-two/index.html')).toBeNull();
  expect(await resolveInside(inside, 'absent.html')).toBeNull();
});

it('tells a folder from one whose name begins alike, and dots in names from the parent', () => {
  expect(isInside('/a/b', '/a/b')).toBe(true);
  expect(isInside('/a/b', '/a/b/..c/d')).toBe(true);
  expect(isInside('/a/b', '/a/bc')).toBe(false);
  expect(isInside('/a/b', '/a')).toBe(false);
});
