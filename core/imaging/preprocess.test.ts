import { expect, test } from 'vitest';
import { preprocessorConfigSchema } from '../models/modelInfo.ts';
import { modelInputSize, preprocess } from './preprocess.ts';

const config = (values: object) => preprocessorConfigSchema.parse(values);

test('sizes as transformers makes them', () => {
  const image = { width: 480, height: 361 };
  expect(modelInputSize(config({}), image)).toEqual({ width: 512, height: 512 });
  expect(modelInputSize(config({ size: 128 }), image)).toEqual({ width: 128, height: 128 });
  expect(modelInputSize(config({ size: { height: 96, width: 160 } }), image)).toEqual({
    width: 160,
    height: 96,
  });
  expect(modelInputSize(config({ size: { shortest_edge: 100 } }), image)).toEqual({
    width: 132,
    height: 100,
  });
  expect(modelInputSize(config({ size: { shortest_edge: 100 } }), { width: 361, height: 480 })).toEqual({
    width: 100,
    height: 132,
  });
  expect(modelInputSize(config({ do_resize: false }), image)).toEqual(image);
});

test('a shortest edge that blows up a thin picture is refused', () => {
  expect(() => modelInputSize(config({ size: { shortest_edge: 512 } }), { width: 20000, height: 2 })).toThrow(
    'the model would be fed 5120000 x 512 pixels. Its preprocessor_config.json makes that of 20000 x 2 pixels. ' +
      'Cut the image into tiles, or set a fixed size in preprocessor_config.json',
  );
});

test('planes of red, green, blue, rescaled and normalised; alpha is dropped', () => {
  const image = { width: 2, height: 1, data: Uint8ClampedArray.of(255, 0, 51, 0, 0, 255, 102, 255) };
  const { pixelValues, width, height } = preprocess(
    image,
    config({ do_resize: false, image_mean: [0, 0.5, 0], image_std: [1, 0.5, 2] }),
  );
  expect([width, height]).toEqual([2, 1]);
  const expected = [1, 0, -1, 1, 0.1, 0.2];
  expect(pixelValues.length).toBe(6);
  expected.forEach((value, index) => expect(pixelValues[index]).toBeCloseTo(value, 6));
});

test('without rescale and normalise the bytes are fed as they are', () => {
  const image = { width: 1, height: 1, data: Uint8ClampedArray.of(7, 8, 9, 255) };
  const raw = config({ do_resize: false, do_rescale: false, do_normalize: false });
  expect([...preprocess(image, raw).pixelValues]).toEqual([7, 8, 9]);
});
