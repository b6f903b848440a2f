import { expect, test } from 'vitest';
import { seededRandom } from '../../mask/seededRandom.ts';
import type { PreprocessorConfig } from '../../models/modelInfo.ts';
import { preprocessTo, toPixelValues } from '../preprocess.ts';
import { resizeRgb, verticalFirst } from '../resize.ts';
import { PIL_FILTERS, type ResizeFilter } from '../resizeCoefficients.ts';
import type { RgbaImage } from '../rgbaImage.ts';
import { resizeRgbByKernels } from './resizeByKernels.ts';

const random = seededRandom(7);
const below = (limit: number): number => Math.floor(random() * limit);

/** Noise, with stretches of black and white: sums reach their limits. */
function picture(width: number, height: number): RgbaImage {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, () => below(3) * 127 + below(128));
  return { width, height, data };
}

const FILTERS = PIL_FILTERS.filter(
  (filter): filter is Exclude<ResizeFilter, 'nearest'> => filter !== 'nearest',
);

function expectSame(image: RgbaImage, width: number, height: number, filter: ResizeFilter): void {
  const size = `${image.width}x${image.height} to ${width}x${height}, ${filter}`;
  const made = resizeRgbByKernels(image, { width, height, filter });
  if (!made) throw new Error(`no kernels for ${size}`);
  const plain = resizeRgb(image, { width, height, filter });
  expect(made.length, size).toBe(plain.length);
  expect(
    plain.findIndex((value, index) => value !== made[index]),
    size,
  ).toBe(-1);
}

test.each([
  [1, 1, 1, 1],
  [1, 1, 5, 7],
  [5, 7, 1, 1],
  [64, 48, 16, 16],
  [37, 29, 37, 11],
  [37, 29, 11, 29],
  [30, 20, 30, 41],
  [30, 20, 63, 20],
  [23, 200, 22, 10],
  [90, 300, 31, 17],
  [3, 1000, 5, 2],
  [1000, 3, 2, 5],
  [700, 500, 3, 2],
])('%i x %i to %i x %i, every filter', (fromWidth, fromHeight, toWidth, toHeight) => {
  const image = picture(fromWidth, fromHeight);
  for (const filter of FILTERS) expectSame(image, toWidth, toHeight, filter);
});

test('random sizes, up and down, in either order of the passes', () => {
  let rowsFirst = 0;
  for (let round = 0; round < 150; round++) {
    const image = picture(1 + below(70), 1 + below(140));
    const [width, height] = [1 + below(70), 1 + below(70)];
    const changes = width !== image.width && height !== image.height;
    if (changes && verticalFirst(image, { width, height, filter: 'box' })) rowsFirst++;
    expectSame(image, width, height, FILTERS[below(FILTERS.length)]!);
  }
  expect(rowsFirst).toBeGreaterThan(10);
});

test('a picture of more than a strip', () => expectSame(picture(1300, 900), 320, 256, 'bilinear'));

test('what cannot be done by kernels is left to others', () => {
  expect(resizeRgbByKernels(picture(4, 4), { width: 2, height: 2, filter: 'nearest' })).toBeNull();
});

test('normalised planes are those of the plain way', () => {
  const config: PreprocessorConfig = {
    do_resize: true,
    size: { width: 33, height: 21 },
    resample: 2,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
    do_reduce_labels: false,
  };
  const image = picture(100, 75);
  const [width, height] = [33, 21];
  const rgb = resizeRgb(image, { width, height, filter: 'bilinear' });
  const plain = toPixelValues(rgb, width, { x: 0, y: 0, width, height }, config);
  expect(preprocessTo(image, config, { width, height })).toEqual(plain);
});
