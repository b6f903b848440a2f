import type { ConfusionMatrix } from './confusionMatrix.ts';

/**
 * The shares of a confusion matrix, row-major [classCount, classCount + 1]. By `rows`: of each class's true pixels,
 * how many were predicted as what. By `columns`: of the pixels predicted as each class, how many are what. 0 in a
 * row or column without pixels, as scikit-learn has it.
 */
export function normaliseConfusion(matrix: ConfusionMatrix, by: 'rows' | 'columns'): Float64Array {
  const { classCount } = matrix;
  const shares = new Float64Array(matrix.counts.length);
  for (let row = 0; row < classCount; row++) {
    for (let column = 0; column <= classCount; column++) {
      const whole = by === 'rows' ? matrix.truthTotal(row) : matrix.predictedTotal(column);
      shares[row * (classCount + 1) + column] = whole === 0 ? 0 : matrix.at(row, column) / whole;
    }
  }
  return shares;
}
