import { expect, it } from 'vitest';
import { classId, createClassTable } from '../labels/classTable.ts';
import { ledgersOf } from './ledger.ts';
import type { Verdict } from './verdict.ts';

const TABLE = createClassTable(['Sky', 'Road', 'Car']);
const verdict = (kind: Verdict['kind'], finalClass: number, area: number, student = 's'): Verdict => ({
  kind,
  teacher: { id: 't', sha256: 'a' },
  student: { id: student, sha256: 'b' },
  teacherClass: classId(0),
  studentClass: classId(1),
  finalClass: classId(finalClass),
  area,
  replaces: null,
});

it('says who was wrong, by the class that was right', () => {
  const [ledger, ...others] = ledgersOf(
    [
      verdict('student', 1, 100),
      verdict('student', 1, 50),
      verdict('teacher', 0, 7),
      verdict('neither', 2, 3),
      verdict('neither', 9, 1),
      verdict('ignore', 255, 20),
    ],
    TABLE,
  );
  const none = { regions: 0, pixels: 0 };
  expect(others).toEqual([]);
  expect(ledger).toEqual({
    teacher: { id: 't', sha256: 'a' },
    student: { id: 's', sha256: 'b' },
    decided: { regions: 6, pixels: 181 },
    ignored: { regions: 1, pixels: 20 },
    total: {
      teacherWrong: { regions: 2, pixels: 150 },
      studentWrong: { regions: 1, pixels: 7 },
      bothWrong: { regions: 2, pixels: 4 },
    },
    classes: [
      { id: 0, name: 'Sky', teacherWrong: none, studentWrong: { regions: 1, pixels: 7 }, bothWrong: none },
      { id: 1, name: 'Road', teacherWrong: { regions: 2, pixels: 150 }, studentWrong: none, bothWrong: none },
      { id: 2, name: 'Car', teacherWrong: none, studentWrong: none, bothWrong: { regions: 1, pixels: 3 } },
      {
        id: 9,
        name: 'value 9',
        teacherWrong: none,
        studentWrong: none,
        bothWrong: { regions: 1, pixels: 1 },
      },
    ],
  });
});

it('keeps pairs of models apart', () => {
  const pairs = ledgersOf([verdict('teacher', 1, 1), verdict('teacher', 1, 1, 'other')], TABLE);
  expect(pairs.map(({ student, decided }) => [student.id, decided.regions])).toEqual([
    ['s', 1],
    ['other', 1],
  ]);
});
