import { expect, test } from 'vitest';
import type { ContestantFigures, EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { firstMetric } from './useRunView.ts';

const figures = (...counts: (readonly [images: number, withTruth: number])[]): EvaluationFigures =>
  ({
    contestants: counts.map(([images, withTruth]) => ({ images, withTruth }) as ContestantFigures),
  }) as EvaluationFigures;

test('a run without truth begins with the most disputed images, one with truth with the worst drop', () => {
  expect(firstMetric(figures([16, 0], [16, 0]), 1)).toBe('disputed');
  expect(firstMetric(figures([16, 1], [16, 1]), 1)).toBe('miouDrop');
});

test('nothing is decided while nothing is measured', () => {
  expect(firstMetric(figures([1, 0], [0, 0]), 1)).toBeNull();
  expect(firstMetric(figures(), 1)).toBeNull();
});
