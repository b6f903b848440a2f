import { z } from 'zod';
import { classId, type ClassId } from '../labels/classTable.ts';

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

/** Class ids that a step changed all over the project: classes merged, or another ignore index. */
export const renumberingSchema = z.object({
  seq: z.number().int().positive(),
  /** From and to. */
  ids: z.array(z.tuple([classIdSchema, classIdSchema]).readonly()).readonly(),
});
export type Renumbering = z.infer<typeof renumberingSchema>;

/** The verdicts of one image's mask, and where its history stands. */
export interface ImageVerdicts {
  readonly imageId: number;
  /** Steps that are applied. */
  readonly cursor: number;
  /** Steps that started the whole mask afresh: verdicts before them say nothing of the mask any more. */
  readonly starts: readonly number[];
  /** Changes of the classes, undone ones included. */
  readonly renumberings?: readonly Renumbering[];
  /** In the order of the steps, undone ones included. */
  readonly verdicts: readonly SteppedVerdict[];
}

/**
 * The verdicts that hold: not undone, not started over, not taken the place of by a later one; in the classes of now.
 */
export function standingVerdicts<T extends SteppedVerdict>(
  image: Pick<ImageVerdicts, 'cursor' | 'starts' | 'renumberings'> & { readonly verdicts: readonly T[] },
): readonly T[] {
  const { cursor, starts, verdicts, renumberings = [] } = image;
  const started = starts.reduce((last, seq) => (seq <= cursor ? Math.max(last, seq) : last), 0);
  const applied = verdicts.filter(({ seq }) => seq <= cursor && seq > started);
  const replaced = new Set(applied.map(({ verdict }) => verdict.replaces));
  const changes = renumberings.filter(({ seq }) => seq <= cursor);
  return applied
    .filter(({ seq }) => !replaced.has(seq))
    .map((one) => {
      const later = changes.filter(({ seq }) => seq > one.seq);
      return later.length === 0 ? one : { ...one, verdict: later.reduce(renumbered, one.verdict) };
    });
}

/** The verdict in the classes after a change of them: who is right follows from what the classes have become. */
function renumbered(verdict: Verdict, { ids }: Renumbering): Verdict {
  const map = new Map(ids);
  const now = (id: ClassId): ClassId => map.get(id) ?? id;
  const teacherClass = now(verdict.teacherClass);
  const studentClass = now(verdict.studentClass);
  const finalClass = now(verdict.finalClass);
  const kind = ((): VerdictKind => {
    if (verdict.kind !== 'neither') return verdict.kind;
    if (finalClass === teacherClass) return 'teacher';
    return finalClass === studentClass ? 'student' : 'neither';
  })();
  return { ...verdict, kind, teacherClass, studentClass, finalClass };
}
