import { readFile, rm } from 'node:fs/promises';
import type { RunningStudio } from '../../e2e/studio.ts';

export interface TaskFigures {
  /** The longest that the thread was in one task, ms by its own processor time: what other programs do does not count. */
  readonly longest: number;
  /** The same by the clock. */
  readonly longestByClock: number;
  /** Of all its tasks together, ms of processor time. */
  readonly total: number;
}

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Threads by the name that Chromium gives them: where the page runs, and where windows, input and files are served. */
const THREADS = { window: 'CrRendererMain', main: 'CrBrowserMain' } as const;

/** What the window's thread and the main process' thread did while `act` ran, task by task, from Chromium's tracing. */
export async function traceTasks(
  { app }: RunningStudio,
  file: string,
  act: () => Promise<void>,
): Promise<Record<keyof typeof THREADS, TaskFigures>> {
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel'], excluded_categories: ['*'] }),
  );
  await act();
  await app.evaluate(({ contentTracing }, path) => contentTracing.stopRecording(path), file);
  const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as { traceEvents: TraceEvent[] };
  await rm(file);
  const figures = (thread: string): TaskFigures => {
    const named = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === thread);
    const keys = new Set(named.map(({ pid, tid }) => `${pid} ${tid}`));
    const tasks = traceEvents.filter(
      ({ ph, name, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && keys.has(`${pid} ${tid}`),
    );
    const milliseconds = (value: number | undefined) => (value ?? 0) / 1000;
    return {
      longest: tasks.reduce((most, { tdur }) => Math.max(most, milliseconds(tdur)), 0),
      longestByClock: tasks.reduce((most, { dur }) => Math.max(most, milliseconds(dur)), 0),
      total: tasks.reduce((sum, { tdur }) => sum + milliseconds(tdur), 0),
    };
  };
  return { window: figures(THREADS.window), main: figures(THREADS.main) };
}
