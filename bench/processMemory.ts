import type { RunningStudio } from '../e2e/studio.ts';

/** MB of all the studio's processes, after a collection in the window: what is counted is what is kept. */
export async function processMemory({ app, page }: RunningStudio): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  const parts = await app.evaluate(({ app: main }) =>
    main.getAppMetrics().map(({ type, memory: { workingSetSize } }) => ({ type, kb: workingSetSize })),
  );
  const sum = parts.reduce((total, { kb }) => total + kb, 0);
  return `${(sum / 1024).toFixed(0)} (${parts.map(({ type, kb }) => `${type} ${(kb / 1024).toFixed(0)}`).join(', ')})`;
}
