/** So long after its last movement over a mask the hand counts as resting. */
const RESTING_MS = 400;

let lastMoved = -Infinity;

/** The hand moves over the mask, or paints. */
export function handMoved(): void {
  lastMoved = performance.now();
}

/**
 * Waits until the hand rests: work that nobody looks at yet takes the processors from the window that is painted in.
 * Ends also where `signal` aborts: what comes next is to ask it.
 */
export async function handRests(signal: AbortSignal): Promise<void> {
  for (;;) {
    const left = lastMoved + RESTING_MS - performance.now();
    if (left <= 0 || signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}
