import { ProblemError } from '#core/problem.ts';

/** Work of which one runs at a time, until its end or until it is cancelled. */
export class SingleWork {
  #running: AbortController | null = null;

  /** `busy`: what is thrown at a second one. */
  constructor(private readonly busy: ConstructorParameters<typeof ProblemError>[0]) {}

  /** What `work` answers or throws, cancelled or not. Throws `busy`. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running) throw new ProblemError(this.busy);
    const { signal } = (this.#running = new AbortController());
    try {
      return await work(signal);
    } finally {
      this.#running = null;
    }
  }

  /** The same, but null where the work ended with an error because it was cancelled. */
  runOrNull<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    return this.run((signal) =>
      work(signal).catch((error: unknown) => {
        if (signal.aborted) return null;
        throw error;
      }),
    );
  }

  cancel(): null {
    this.#running?.abort();
    return null;
  }
}
