import { z } from 'zod';

/**
 * Something that went wrong, or that the user should know, as data. Every message of the product has this
 * shape: what (title), where (subject), why (detail), what to do (hint).
 */
export const problemSchema = z.object({
  /** Stable, dotted, for scripts and tests: `image.truncated`. */
  code: z.string(),
  /** `error`: the thing named by subject cannot be used. `note`: it can, but the user should know. */
  severity: z.enum(['error', 'note']),
  /** One sentence without a full stop that names the bad value. */
  title: z.string(),
  /** The file, folder, model or option that it is about. */
  subject: z.string().optional(),
  /** Why, where the title cannot carry it. */
  detail: z.string().optional(),
  /** What to do about it. */
  hint: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The same, thrown: inside a layer errors are exceptions, across IPC and to the user they are data. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(
    problem: Omit<Problem, 'severity'> & { severity?: Problem['severity'] },
    options?: ErrorOptions,
  ) {
    const full: Problem = { severity: 'error', ...problem };
    super(formatProblem(full), options);
    this.name = 'ProblemError';
    this.problem = full;
  }
}

/** `mask 0016E5.png: value 37 is not one of the 11 classes. Why. What to do.` */
export function formatProblem(problem: Problem): string {
  const head = problem.subject ? `${problem.subject}: ${problem.title}` : problem.title;
  return [head, problem.detail, problem.hint].filter((part) => part !== undefined && part !== '').join('. ');
}

/** Any thrown value as a Problem; `fallback` names what was being done when it was not one of ours. */
export function toProblem(thrown: unknown, fallback: { code: string; subject?: string }): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  const title = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: fallback.code, severity: 'error', title, subject: fallback.subject };
}
