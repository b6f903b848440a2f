import { bytes } from '../../ui/format.ts';

/** Before, a speed would say more of the moment than of the connection. */
const SOON_MS = 1500;

/**
 * How far a download is: `3.1 MB of 14.9 MB, 1.2 MB/s, 10 s left`.
 *
 * @param since when counting began, how many bytes were here by then, and the time now, in milliseconds; null: no speed
 */
export function transferWords(
  { done, total }: { readonly done: number; readonly total: number },
  since: { readonly time: number; readonly done: number; readonly now: number } | null,
): string {
  const far = `${bytes(done)} of ${bytes(total)}`;
  const elapsed = since ? since.now - since.time : 0;
  const loaded = since ? done - since.done : 0;
  if (elapsed < SOON_MS || loaded <= 0) return far;
  const perSecond = (1000 * loaded) / elapsed;
  return `${far}, ${bytes(perSecond)}/s, ${timeLeft((total - done) / perSecond)} left`;
}

function timeLeft(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
