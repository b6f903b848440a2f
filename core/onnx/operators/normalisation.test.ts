import { expect, it } from 'vitest';
import { callForTest, floats } from './callForTest.ts';

it('normalisations keep the shape and count nothing', () => {
  for (const op of [
    'LayerNormalization',
    'BatchNormalization',
    'InstanceNormalization',
    'GroupNormalization',
  ]) {
    const { outputs, macs } = callForTest(op, [floats(1, 5, 8), floats(8), floats(8)]);
    expect(outputs[0]?.shape, op).toEqual([1, 5, 8]);
    expect(macs, op).toBe(0);
  }
});

it('LayerNormalization gives a mean for each row', () => {
  const { outputs } = callForTest('LayerNormalization', [floats(1, 5, 8), floats(8)], { axis: -1 }, 3);
  expect(outputs.map((output) => output?.shape)).toEqual([
    [1, 5, 8],
    [1, 5, 1],
    [1, 5, 1],
  ]);
});

it('SkipLayerNormalization gives the sum as its fourth output', () => {
  const { outputs } = callForTest('com.microsoft::SkipLayerNormalization', [
    floats(1, 5, 8),
    floats(1, 5, 8),
  ]);
  expect(outputs[3]?.shape).toEqual([1, 5, 8]);
});
