import { expect, it } from 'vitest';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { shownClasses } from './confusedClasses.ts';

it('shows all of few classes, and of many those that are confused most, in their order', () => {
  const matrix = new ConfusionMatrix(4);
  matrix.add(Uint8Array.of(0, 0, 1, 2, 3, 3), Uint8Array.of(0, 0, 3, 2, 1, 1));
  expect(shownClasses(matrix)).toEqual([0, 1, 2, 3]);
  expect(shownClasses(matrix, 2)).toEqual([1, 3]);
});
