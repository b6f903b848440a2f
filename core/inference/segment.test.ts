import { expect, test } from 'vitest';
import type { Logits } from '../imaging/logits.ts';
import { preprocessorConfigSchema } from '../models/modelInfo.ts';
import { segment } from './segment.ts';

const preprocessor = preprocessorConfigSchema.parse({
  size: { height: 32, width: 32 },
  do_rescale: false,
  do_normalize: false,
});

/** A picture whose red grows to the right, 4 per 4 columns, and whose green grows downwards. */
function ramp(width: number, height: number) {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[(y * width + x) * 4] = x - (x % 4);
      data[(y * width + x) * 4 + 1] = y - (y % 4);
    }
  }
  return { width, height, data };
}

/** A "model" that says red and green of every fourth pixel: what it says of a place does not depend on the tile. */
const runSession = (pixelValues: Float32Array, height: number, width: number): Promise<Logits> => {
  const logits = new Float32Array((2 * height * width) / 16);
  for (let channel = 0; channel < 2; channel++) {
    for (let y = 0; y < height / 4; y++) {
      for (let x = 0; x < width / 4; x++) {
        logits[((channel * height) / 4) * (width / 4) + y * (width / 4) + x] =
          pixelValues[channel * height * width + 4 * y * width + 4 * x]!;
      }
    }
  }
  return Promise.resolve({ logits, classes: 2, height: height / 4, width: width / 4 });
};

test('tiles that agree blend to what one large input would give', async () => {
  let now = 0;
  const options = { preprocessor, runSession, now: () => now++ };
  const tiled = await segment(ramp(96, 64), { ...options, sizing: 'tiles' });
  const large = { ...preprocessor, size: { height: 64, width: 96 } };
  const once = await segment(ramp(96, 64), { ...options, preprocessor: large, sizing: 'square' });
  expect([tiled.tiles, tiled.inputWidth, once.tiles]).toEqual([12, 32, 1]);
  expect([tiled.logits.width, tiled.logits.height]).toEqual([24, 16]);
  tiled.logits.logits.forEach((value, at) => expect(value).toBeCloseTo(once.logits.logits[at]!, 3));
});

test('work on tiles ends where it is told to between two of them', async () => {
  const asked: number[] = [];
  const work = segment(ramp(96, 64), {
    preprocessor,
    sizing: 'tiles',
    now: () => 0,
    runSession,
    beforeTile: (index, total) => {
      asked.push(index);
      return index === 2 ? Promise.reject(new Error(`${index} of ${total}`)) : Promise.resolve();
    },
  });
  await expect(work).rejects.toThrow('2 of 12');
  expect(asked).toEqual([0, 1, 2]);
});

test('a model whose output does not fit the grid of the tiles says so', async () => {
  const odd = (): Promise<Logits> =>
    Promise.resolve({ logits: new Float32Array(7 * 7), classes: 1, width: 7, height: 7 });
  await expect(
    segment(ramp(96, 64), { preprocessor, sizing: 'tiles', now: () => 0, runSession: odd }),
  ).rejects.toThrow('its output of 7 x 7 for a tile of 32 x 32 cannot be put together');
});
