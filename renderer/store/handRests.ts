/** So long after its last movement over a mask the hand counts as resting, */
const RESTING_MS = 400;
/** and longer for what takes longer: decoding alone holds up every frame that is drawn beside it. */
const PIXELS_PER_MS = 10_000;

let lastMoved = -Infinity;

/** The hand moves over the mask, or paints, or is about to: all of the picture is there. */
export function handMoved(): void {
  lastMoved = performance.now();
}

/**
 * Waits until the hand rests: work that nobody looks at yet takes the processors from the window that is painted in.
 * `pixels`: of the picture that is worked on. Ends also where `signal` aborts: what comes next is to ask it.
 */
export async function handRests(signal: AbortSignal, pixels = 0): Promise<void> {
  const rest = RESTING_MS + pixels / PIXELS_PER_MS;
  for (;;) {
    const left = lastMoved + rest - performance.now();
    if (left <= 0 || signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}
