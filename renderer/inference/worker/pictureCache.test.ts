import { expect, test } from 'vitest';
import { preprocessorConfigSchema } from '#core/models/modelInfo.ts';
import { PictureCache } from './pictureCache.ts';

const small = preprocessorConfigSchema.parse({ size: { height: 8, width: 8 } });
const other = preprocessorConfigSchema.parse({ size: { height: 16, width: 16 } });

/** A cache whose pictures are `side` pixels wide and high, and the names that it decoded. */
function bench(side: number) {
  const decoded: string[] = [];
  const decode = (_file: Blob, name: string) => {
    decoded.push(name);
    const data = new Uint8ClampedArray(side * side * 4);
    return Promise.resolve({ width: side, height: side, data });
  };
  let now = 0;
  const cache = new PictureCache(decode, () => now++);
  const image = (name: string) => ({ name, sha256: name, file: new Blob() });
  return { decoded, input: (name: string, config = small) => cache.input(image(name), config, 'square') };
}

test('models that want the same of a picture get the same input, decoded once', async () => {
  const { decoded, input } = bench(32);
  const teacher = await input('a');
  const student = await input('a');
  expect(student.input).toBe(teacher.input);
  expect([teacher.decode > 0, student.decode]).toEqual([true, 0]);
  const another = await input('a', other);
  expect(another.input).not.toBe(teacher.input);
  expect([another.input.plan.width, decoded]).toEqual([16, ['a']]);
});

test('going back and forth decodes once, large pictures are not hoarded', async () => {
  const few = bench(32);
  for (const name of ['a', 'b', 'a', 'b']) await few.input(name);
  expect(few.decoded).toEqual(['a', 'b']);
  const large = bench(4000);
  for (const name of ['a', 'b', 'a']) await large.input(name);
  expect(large.decoded).toEqual(['a', 'b', 'a']);
});

test('a large picture is kept as what the models want of it alone, and decoded again for another wish', async () => {
  const { decoded, input } = bench(4000);
  const teacher = await input('a');
  const student = await input('a');
  expect(student.input).toBe(teacher.input);
  expect([student.decode, decoded]).toEqual([0, ['a']]);
  const another = await input('a', other);
  expect([another.input.plan.width, another.decode > 0, decoded]).toEqual([16, true, ['a', 'a']]);
  expect((await input('a')).input).toBe(teacher.input);
});
