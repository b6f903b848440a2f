import { expect, it } from 'vitest';
import { run } from './run.ts';

const node = (script: string, options = {}) => run(process.execPath, ['-e', script], options);

it('gives status and words of a command, whatever they are', async () => {
  expect(await node('console.log("out"); console.error("err"); process.exit(3)')).toEqual({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(await run('no-such-command-here', [])).toMatchObject({ code: 127 });
});

it('ends what runs too long together with what that has started', async () => {
  const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`;
  // The pipe stays open as long as the grandchild lives: run would not return.
  const result = await node(`console.log(${child}.pid); setInterval(() => {}, 1000)`, { timeoutMs: 3000 });
  expect(result.code).toBe(124);
});
