import { expect, it } from 'vitest';
import { classId } from '../labels/classTable.ts';
import { standingVerdicts, type SteppedVerdict, type Verdict } from './verdict.ts';

const at = (seq: number, replaces: number | null = null): SteppedVerdict => {
  const verdict: Verdict = {
    kind: 'teacher',
    teacher: { id: 't', sha256: 'a' },
    student: { id: 's', sha256: 'b' },
    teacherClass: classId(1),
    studentClass: classId(2),
    finalClass: classId(1),
    area: 10,
    replaces,
  };
  return { seq, verdict };
};
const standing = (cursor: number, starts: number[], ...verdicts: SteppedVerdict[]): number[] =>
  standingVerdicts({ cursor, starts, verdicts }).map(({ seq }) => seq);

it('stands until it is undone, and again when it is redone', () => {
  expect(standing(3, [1], at(2), at(3))).toEqual([2, 3]);
  expect(standing(2, [1], at(2), at(3))).toEqual([2]);
});

it('ends with a mask that is started over, until that is undone', () => {
  expect(standing(4, [1, 4], at(2), at(3))).toEqual([]);
  expect(standing(3, [1, 4], at(2), at(3))).toEqual([2, 3]);
  expect(standing(5, [1, 4], at(2), at(5))).toEqual([5]);
});

it('gives way to a later verdict on its region, until that is undone', () => {
  expect(standing(4, [1], at(2), at(3), at(4, 2))).toEqual([3, 4]);
  expect(standing(3, [1], at(2), at(3), at(4, 2))).toEqual([2, 3]);
});

it('is in the classes of now, and says who is right in them', () => {
  const [one, two, three] = [classId(1), classId(2), classId(3)];
  const neither = { seq: 2, verdict: { ...at(2).verdict, kind: 'neither', finalClass: three } } as const;
  const merged = [{ seq: 3, ids: [[three, two]] }] as const;
  const read = (cursor: number, verdicts: SteppedVerdict[], renumberings = merged) =>
    standingVerdicts({ cursor, starts: [], renumberings, verdicts }).map(({ verdict }) => [
      verdict.kind,
      verdict.teacherClass,
      verdict.studentClass,
      verdict.finalClass,
    ]);
  expect(read(3, [neither])).toEqual([['student', one, two, two]]);
  expect(read(2, [neither])).toEqual([['neither', one, two, three]]);
  // Given after the merge: ids mean what they mean now.
  expect(read(4, [{ ...neither, seq: 4 }])).toEqual([['neither', one, two, three]]);
});
