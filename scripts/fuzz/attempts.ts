import { ProblemError } from '#core/problem.ts';

/** Gives an input to several readers: each takes it, refuses it with a ProblemError, or has a defect. */
export class Attempts {
  accepted = 0;

  async read(reader: () => unknown): Promise<void> {
    try {
      await reader();
      this.accepted++;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  }
}
