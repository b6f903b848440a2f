import { describe, expect, it } from 'vitest';
import type { Logits } from '../imaging/postprocess.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { findDisputes, type Dispute } from './findDisputes.ts';
import { createRegion } from './region.ts';
import { regionConfidence } from './regionConfidence.ts';

function map(...rows: string[]): ClassMap {
  return { width: rows[0]!.length, height: rows.length, ids: Uint8Array.from(rows.join(''), Number) };
}

/** The rows of the picture with each dispute's number in the list, `.` elsewhere. */
function draw(disputes: readonly Dispute[], width: number, height: number): string[] {
  const rows = Array.from({ length: height }, () => new Array<string>(width).fill('.'));
  disputes.forEach(({ runs }, index) => {
    for (let at = 0; at < runs.length; at += 3) {
      rows[runs[at]!]!.fill(String(index), runs[at + 1], runs[at + 2]);
    }
  });
  return rows.map((row) => row.join(''));
}

function find(teacher: ClassMap, student: ClassMap, smallest = 0): Dispute[] {
  return findDisputes({ teacher, student, smallest });
}

describe('disputes', () => {
  const teacher = map('000000', '000000', '111000', '111000');
  const student = map('022000', '000200', '113333', '113333');

  it('are contiguous over corners, of one pair of classes, the largest first', () => {
    const disputes = find(teacher, student);
    expect(draw(disputes, 6, 4)).toEqual(['.11...', '...1..', '..2000', '..2000']);
    expect(
      disputes.map(({ teacherClass, studentClass, area }) => [teacherClass, studentClass, area]),
    ).toEqual([
      [0, 3, 6],
      [0, 2, 3],
      [1, 3, 2],
    ]);
    expect(disputes[1]?.rect).toEqual({ x: 1, y: 0, width: 3, height: 2 });
  });

  it('give their specks to the neighbour with the longest border', () => {
    // The speck 1/3 has two edges with 0/3 and none with 0/2.
    const folded = find(teacher, student, 3);
    expect(draw(folded, 6, 4)).toEqual(['.11...', '...1..', '..0000', '..0000']);
    expect(folded[0]).toMatchObject({ teacherClass: 0, studentClass: 3, area: 8 });
    // Each run still knows what was said of it.
    expect([...folded[0]!.teacherIds]).toEqual([1, 0, 1, 0]);
    expect([...folded[0]!.studentIds]).toEqual([3, 3, 3, 3]);
  });

  it('drop a speck that touches no other dispute', () => {
    const apart = find(map('00000', '00000'), map('10022', '00022'), 2);
    expect(draw(apart, 5, 2)).toEqual(['...00', '...00']);
  });

  it('add up specks that touch each other before they drop any', () => {
    const disputes = find(map('0000', '0000'), map('1230', '1230'), 5);
    expect(draw(disputes, 4, 2)).toEqual(['000.', '000.']);
    expect(disputes[0]?.area).toBe(6);
    expect(find(map('0000', '0000'), map('1230', '1230'), 7)).toEqual([]);
  });

  it('are none where both say the same', () => {
    expect(find(teacher, teacher)).toEqual([]);
  });

  it('are not looked for in pictures of different sizes', () => {
    expect(() => find(teacher, map('00', '00'))).toThrow(
      'a 6 x 4 class map cannot be compared with a 2 x 2 one',
    );
  });

  it('rank by area times the margin of both models', () => {
    const sure = { best: 0.9, margin: 0.8 };
    const unsure = { best: 0.5, margin: 0.1 };
    const [first, second] = findDisputes({
      teacher: map('00000'),
      student: map('11022'),
      smallest: 0,
      confidence: {
        teacher: ({ rect }) => (rect.x === 0 ? unsure : sure),
        student: () => sure,
      },
    });
    expect(first).toMatchObject({ studentClass: 2, teacher: sure, student: sure });
    expect(first?.rank).toBeCloseTo(2 * 0.8);
    expect(second?.rank).toBeCloseTo(2 * 0.45);
  });
});

describe('the confidence in a region', () => {
  // One row of two positions: class 0 wins left with p = e/(e+1), class 1 right.
  const logits: Logits = { logits: Float32Array.from([1, 0, 0, 1]), classes: 2, width: 2, height: 1 };
  const sure = Math.E / (Math.E + 1);

  it('is the mean of the largest probability, and of its lead over the second', () => {
    const whole = createRegion(Int32Array.from([0, 0, 2]));
    const { best, margin } = regionConfidence(logits, { width: 2, height: 1 }, whole);
    expect(best).toBeCloseTo(sure);
    expect(margin).toBeCloseTo(2 * sure - 1);
  });

  it('looks at pixels of the region alone', () => {
    const flat: Logits = { logits: Float32Array.from([9, 0, 0, 0]), classes: 2, width: 2, height: 1 };
    const right = createRegion(Int32Array.from([0, 7, 8]));
    expect(regionConfidence(flat, { width: 8, height: 1 }, right).margin).toBeCloseTo(0);
  });

  it('of a large region comes from pixels all over it', () => {
    const rows = createRegion(Int32Array.from([0, 0, 4000, 1, 0, 4000]));
    const { best } = regionConfidence(logits, { width: 4000, height: 2 }, rows);
    const exact = regionConfidence(
      logits,
      { width: 64, height: 1 },
      createRegion(Int32Array.from([0, 0, 64])),
    );
    expect(best).toBeCloseTo(exact.best, 2);
  });
});
