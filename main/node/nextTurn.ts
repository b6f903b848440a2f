/** Lets everything else in this process go on: calls of the window, timers, what was read. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
