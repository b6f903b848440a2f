import { z } from 'zod';
import { classId } from '../labels/classTable.ts';

const classIdSchema = z.number().int().min(0).max(65535).transform(classId);
const modelSchema = z.object({ id: z.string(), sha256: z.string() });

/** What a person said of one disputed region, as the ledger keeps it. Class ids are the project's. */
export const verdictSchema = z.object({
  /** `teacher`, `student`: that model is right; `neither`: it is another class; `ignore`: it is left out. */
  kind: z.enum(['teacher', 'student', 'neither', 'ignore']),
  teacher: modelSchema,
  student: modelSchema,
  /** What each model said. */
  teacherClass: classIdSchema,
  studentClass: classIdSchema,
  /** What the region is; the ignore index for `ignore`. */
  finalClass: classIdSchema,
  /** Pixels. */
  area: z.number().int().positive(),
  /** The step whose verdict on the same region this one takes the place of. */
  replaces: z.number().int().positive().nullable(),
});
export type Verdict = z.infer<typeof verdictSchema>;
export type VerdictKind = Verdict['kind'];

/** A verdict and the undo step of its image's mask that it is part of. */
export interface SteppedVerdict {
  readonly seq: number;
  readonly verdict: Verdict;
}

/** The verdicts of one image's mask, and where its history stands. */
export interface ImageVerdicts {
  readonly imageId: number;
  /** Steps that are applied. */
  readonly cursor: number;
  /** Steps that started the whole mask afresh: verdicts before them say nothing of the mask any more. */
  readonly starts: readonly number[];
  /** In the order of the steps, undone ones included. */
  readonly verdicts: readonly SteppedVerdict[];
}

/** The verdicts that hold: not undone, not started over, not taken the place of by a later one. */
export function standingVerdicts<T extends SteppedVerdict>(
  image: Pick<ImageVerdicts, 'cursor' | 'starts'> & { readonly verdicts: readonly T[] },
): readonly T[] {
  const { cursor, starts, verdicts } = image;
  const started = starts.reduce((last, seq) => (seq <= cursor ? Math.max(last, seq) : last), 0);
  const applied = verdicts.filter(({ seq }) => seq <= cursor && seq > started);
  const replaced = new Set(applied.map(({ verdict }) => verdict.replaces));
  return applied.filter(({ seq }) => !replaced.has(seq));
}
