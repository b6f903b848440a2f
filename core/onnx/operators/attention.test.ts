import { expect, it } from 'vitest';
import { callForTest, floats } from './callForTest.ts';

it('Attention counts Q K^T and the sum of V, split into heads', () => {
  const { outputs, macs } = callForTest('Attention', [
    floats(1, 2, 64, 32),
    floats(1, 2, 4, 32),
    floats(1, 2, 4, 16),
  ]);
  expect(outputs[0]?.shape).toEqual([1, 2, 64, 16]);
  expect(macs).toBe(2 * 64 * 4 * 32 + 2 * 64 * 4 * 16);
});

it('Attention counts the same with the heads side by side', () => {
  const { outputs, macs } = callForTest(
    'Attention',
    [floats(1, 64, 64), floats(1, 4, 64), floats(1, 4, 32)],
    {
      q_num_heads: 2,
      kv_num_heads: 2,
    },
  );
  expect(outputs[0]?.shape).toEqual([1, 64, 32]);
  expect(macs).toBe(2 * 64 * 4 * 32 + 2 * 64 * 4 * 16);
});

it('MultiHeadAttention counts both of its products', () => {
  const { outputs, macs } = callForTest(
    'com.microsoft::MultiHeadAttention',
    [floats(1, 64, 32), floats(1, 4, 32), floats(1, 4, 48)],
    { num_heads: 2 },
  );
  expect(outputs[0]?.shape).toEqual([1, 64, 48]);
  expect(macs).toBe(64 * 4 * 32 + 64 * 4 * 48);
});
