import { expect, it } from 'vitest';
import { ALONE, SerialQueue } from './serialQueue.ts';

/** Work that goes on until `end` is called. */
function openEnded(): { readonly work: () => Promise<void>; readonly end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

it('stays open to what is done at once, but for work that has to be alone, waiting or running', async () => {
  const queue = new SerialQueue();
  const list = openEnded();
  const merge = openEnded();
  const listed = queue.run(list.work);
  expect(queue.open).toBe(true);
  const merged = queue.run(merge.work, ALONE);
  expect(queue.open).toBe(false);
  list.end();
  await listed;
  expect(queue.open).toBe(false);
  merge.end();
  await merged;
  expect(queue.open).toBe(true);
});

it('goes on after work that failed, which was alone no longer', async () => {
  const queue = new SerialQueue();
  const failing = queue.run(() => Promise.reject(new Error('full')), ALONE);
  const next = queue.run(() => 'done');
  await expect(failing).rejects.toThrow('full');
  expect(await next).toBe('done');
  expect(queue.open).toBe(true);
});
