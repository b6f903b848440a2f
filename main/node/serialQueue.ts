/** Of work that changes masks, or which project is open, over several turns. */
export const ALONE = { alone: true } as const;

/** Runs asynchronous work one after the other, in the order in which it was asked for. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();
  private alone = 0;

  /** No work that has to be `alone` is running or waiting: what is done now, at once, disturbs nothing. */
  get open(): boolean {
    return this.alone === 0;
  }

  /**
   * Resolves or rejects as `work` does; work that fails does not hold up what comes after it. `alone`: between its
   * turns nothing else may change what it works on.
   */
  run<T>(work: () => Promise<T> | T, { alone = false }: { readonly alone?: boolean } = {}): Promise<T> {
    const weight = alone ? 1 : 0;
    this.alone += weight;
    const result = this.last.then(() => work()).finally(() => (this.alone -= weight));
    this.last = result.catch(() => undefined);
    return result;
  }
}
