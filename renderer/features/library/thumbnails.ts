/** Longest edge of a thumbnail, CSS pixels. */
export const THUMB_WIDTH = 72;
export const THUMB_HEIGHT = 54;

const KEPT = 600;
const AT_ONCE = 2;

const cache = new Map<string, Promise<ImageBitmap>>();
let running = 0;
const waiting: { readonly start: () => void; readonly signal: AbortSignal }[] = [];

/** A small upright copy, decoded off the window's thread; `signal` drops it while it waits. */
export function thumbnail(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const known = cache.get(url);
  if (known) {
    cache.delete(url);
    cache.set(url, known);
    return known;
  }
  const made = new Promise<ImageBitmap>((resolve, reject) => {
    const start = (): void => {
      running++;
      decode(url)
        .then(resolve, reject)
        .finally(() => {
          running--;
          next();
        });
    };
    waiting.push({ start, signal });
    signal.addEventListener('abort', () => {
      const at = waiting.findIndex((entry) => entry.start === start);
      if (at < 0) return;
      waiting.splice(at, 1);
      cache.delete(url);
      reject(signal.reason as Error);
    });
  });
  cache.set(url, made);
  made.catch(() => cache.delete(url));
  for (const old of cache.keys()) {
    if (cache.size <= KEPT) break;
    cache.delete(old);
  }
  next();
  return made;
}

/** What was scrolled to last is what is looked at: it goes first. */
function next(): void {
  while (running < AT_ONCE) {
    const entry = waiting.pop();
    if (!entry) return;
    entry.start();
  }
}

async function decode(url: string): Promise<ImageBitmap> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  const blob = await response.blob();
  const ratio = Math.min(2, globalThis.devicePixelRatio);
  return createImageBitmap(blob, {
    imageOrientation: 'from-image',
    // Only the width: the height follows, so that no picture is stretched.
    resizeWidth: Math.round(THUMB_WIDTH * 1.25 * ratio),
    resizeQuality: 'medium',
  });
}
