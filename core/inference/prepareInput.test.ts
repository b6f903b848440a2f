import { expect, test } from 'vitest';
import { preprocessorConfigSchema } from '../models/modelInfo.ts';
import { preparationKey, prepareInput } from './prepareInput.ts';

test('a graph that takes one size alone does not share the input of one that takes any', () => {
  const any = preprocessorConfigSchema.parse({ size: { height: 64, width: 64 } });
  const fixed = { ...any, fixed_size: true };
  const image = { width: 64, height: 32, data: new Uint8ClampedArray(64 * 32 * 4) };
  const sizeOf = (preprocessor: typeof any) => {
    const { width, height } = prepareInput(image, { preprocessor, sizing: 'aspect', now: () => 0 }).plan;
    return { width, height };
  };
  expect(sizeOf(fixed)).not.toEqual(sizeOf(any));
  expect(preparationKey(fixed, 'aspect')).not.toBe(preparationKey(any, 'aspect'));
});
