import { expect, test } from 'vitest';
import { createRegion } from '#core/disputes/region.ts';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import { patchBetween } from '#core/mask/patch.ts';
import { decidersOf, lastWords, tracePixels, type ProvenanceStep } from './maskProvenance.ts';

const table = createClassTable(['Sky', 'Road']);
const size = { width: 3, height: 2 };
const map = (...ids: number[]) => ({ ...size, ids: Uint8Array.from(ids) });
const origin = { kind: 'teacher', modelId: 'b0', modelSha256: 'ab' } as const;

const step = (before: number[], after: number[], more: Partial<ProvenanceStep> = {}): ProvenanceStep => ({
  label: 'Brush Road',
  origin: null,
  verdict: null,
  patch: patchBetween(map(...before), map(...after)) ?? { ...size, bytesPerId: 1, tiles: [] },
  ...more,
});

test('each part of a mask is by who decided it last', () => {
  const start = [0, 0, 0, 1, 1, 1];
  const verdict = {
    region: createRegion(Int32Array.of(0, 0, 2)),
    verdict: {
      kind: 'student' as const,
      teacher: { id: 'b0', sha256: 'ab' },
      student: { id: 'k70', sha256: 'cd' },
      teacherClass: classId(0),
      studentClass: classId(1),
      finalClass: classId(1),
      area: 2,
      replaces: null,
    },
  };
  const steps = [
    step([255, 255, 255, 255, 255, 255], [1, 255, 255, 255, 255, 255]),
    step([1, 255, 255, 255, 255, 255], start, { origin }),
    step(start, [1, 1, 0, 1, 1, 1], { verdict, label: 'Student is right' }),
    step([1, 1, 0, 1, 1, 1], [1, 0, 0, 1, 1, 0]),
    step([1, 0, 0, 1, 1, 0], [1, 0, 0, 1, 0, 0]),
  ];
  expect(decidersOf(tracePixels(size, steps, null, table))).toEqual([
    { by: 'brush', label: 'Brush Road', steps: 3, pixels: 3, box: [1, 0, 2, 2] },
    { by: 'start', from: 'teacher', model: { id: 'b0', sha256: 'ab' }, pixels: 2, box: [0, 0, 3, 2] },
    {
      by: 'verdict',
      kind: 'student',
      teacher: { id: 'b0', sha256: 'ab' },
      student: { id: 'k70', sha256: 'cd' },
      class: 'Road',
      pixels: 1,
      box: [0, 0, 1, 1],
    },
  ]);
});

test('a verdict that changes nothing still decides its region', () => {
  const region = createRegion(Int32Array.of(1, 1, 3));
  const verdict = { kind: 'ignore', finalClass: classId(255) } as never;
  const steps = [step([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], { verdict: { verdict, region } })];
  const traced = tracePixels(size, steps, origin, table);
  const [before, decided] = decidersOf(traced);
  expect([...lastWords(traced)]).toEqual([0, 0, 0, 0, 2, 2]);
  expect([before?.by, before?.pixels, decided?.by, decided?.pixels, decided?.box]).toEqual([
    'start',
    4,
    'verdict',
    2,
    [1, 1, 2, 1],
  ]);
});

test('what came before the kept steps is not known', () => {
  expect(decidersOf(tracePixels(size, [], null, table))).toEqual([
    { by: 'unknown', pixels: 6, box: [0, 0, 3, 2] },
  ]);
});

test('the last word: a model, the ground truth, or a person where a brush changed something', () => {
  const truth = { kind: 'truth', modelId: null, modelSha256: null } as const;
  const steps = [step([0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0])];
  expect([...lastWords(tracePixels(size, steps, truth, table))]).toEqual([1, 2, 1, 1, 1, 1]);
  expect([...lastWords(tracePixels(size, steps, null, table))]).toEqual([0, 2, 0, 0, 0, 0]);
});
