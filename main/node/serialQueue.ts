/** Runs asynchronous work one after the other, in the order in which it was asked for. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Nothing is running or waiting: what is done now, without waiting, is in its turn. */
  get idle(): boolean {
    return this.waiting === 0;
  }

  /** Resolves or rejects as `work` does; work that fails does not hold up what comes after it. */
  run<T>(work: () => Promise<T> | T): Promise<T> {
    this.waiting++;
    const result = this.last.then(() => work()).finally(() => this.waiting--);
    this.last = result.catch(() => undefined);
    return result;
  }
}
