import type { Problem } from '../problem.ts';

/** The answer to every call: a value, or a problem as data. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };
