import { rm, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { buildWhenChanged, hashInputs } from './buildStamp.ts';
import { inRepository } from './repository.ts';

it('builds once for the same inputs, and again after a failed build', async () => {
  const input = '.cache/build-stamp-test.txt';
  const name = 'build-stamp-test';
  const builds: string[] = [];
  const build = () => buildWhenChanged(name, [input], () => Promise.resolve(void builds.push('built')));
  try {
    await writeFile(inRepository(input), 'one');
    const first = await hashInputs([input]);
    expect(await build()).toBe(true);
    expect(await build()).toBe(false);
    await writeFile(inRepository(input), 'two');
    expect(await hashInputs([input])).not.toBe(first);
    const failing = buildWhenChanged(name, [input], () => Promise.reject(new Error('syntax error')));
    await expect(failing).rejects.toThrow('syntax error');
    expect(await build()).toBe(true);
    expect(builds).toHaveLength(2);
  } finally {
    await rm(inRepository(input), { force: true });
    await rm(inRepository('dist', '.stamps', name), { force: true });
  }
});
