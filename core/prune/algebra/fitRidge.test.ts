import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../mask/seededRandom.ts';
import { fitRidge } from './fitRidge.ts';
import { matrix } from './matrix.ts';

describe('fitRidge', () => {
  it('finds an affine function that the samples follow', () => {
    const inputs = matrix(5, 2, [0, 0, 1, 0, 0, 1, 1, 1, 2, 1]);
    const outputs = matrix(
      5,
      1,
      [0, 1, 2, 3, 4].map((_, i) => 3 * inputs.data[2 * i]! - 2 * inputs.data[2 * i + 1]! + 5),
    );
    const { weight, bias, unexplained } = fitRidge(inputs, outputs);
    expect(weight.data[0]).toBeCloseTo(3, 2);
    expect(weight.data[1]).toBeCloseTo(-2, 2);
    expect(bias[0]).toBeCloseTo(5, 2);
    expect(unexplained).toBeLessThan(1e-3);
  });

  it('with one sample says its outputs, whatever the input', () => {
    const { weight, bias, lambda } = fitRidge(matrix(1, 2, [4, 7]), matrix(1, 3, [1, 2, 3]));
    expect([...weight.data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...bias]).toEqual([1, 2, 3]);
    expect(lambda).toBe(Infinity);
  });

  it('does not read noise: inputs that say nothing leave the mean', () => {
    const random = seededRandom(5);
    const noise = (size: number) => Array.from({ length: size }, () => random() - 0.5);
    const { unexplained, weight } = fitRidge(matrix(40, 30, noise(40 * 30)), matrix(40, 50, noise(40 * 50)));
    expect(unexplained).toBeGreaterThan(0.9);
    expect(Math.max(...weight.data.map(Math.abs))).toBeLessThan(0.1);
  });

  it('refuses samples that do not belong together', () => {
    expect(() => fitRidge(matrix(2, 1), matrix(3, 1))).toThrow('2 inputs for 3 outputs');
  });
});
