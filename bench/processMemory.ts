import { readFile } from 'node:fs/promises';
import type { RunningStudio } from '../e2e/studio.ts';

/**
 * MB of all the studio's processes, after a collection in the window: what is counted is what is kept. Where the system
 * tells it, also with the pages that several of them share counted once.
 */
export async function processMemory({ app, page }: RunningStudio): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  const parts = await app.evaluate(({ app: main }) =>
    main
      .getAppMetrics()
      .map(({ type, pid, memory: { workingSetSize } }) => ({ type, pid, kb: workingSetSize })),
  );
  const sum = parts.reduce((total, { kb }) => total + kb, 0);
  const each = parts.map(({ type, kb }) => `${type} ${megabytes(kb)}`).join(', ');
  const once = await Promise.all(parts.map(({ pid }) => proportionalKb(pid)));
  const shared = once.reduce((total, kb) => total + kb, 0);
  return `${megabytes(sum)} (${each})${Number.isNaN(shared) ? '' : `; shared pages counted once: ${megabytes(shared)}`}`;
}

const megabytes = (kb: number): string => (kb / 1024).toFixed(0);

/** A process' pages, shared ones divided among those that share them; NaN where there is no /proc. */
async function proportionalKb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? NaN);
}
