/** Runs asynchronous work one after the other, in the order in which it was asked for. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does; work that fails does not hold up what comes after it. */
  run<T>(work: () => Promise<T> | T): Promise<T> {
    const result = this.last.then(() => work());
    this.last = result.catch(() => undefined);
    return result;
  }
}
