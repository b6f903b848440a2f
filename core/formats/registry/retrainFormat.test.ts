import { strFromU8 } from 'fflate';
import { expect, test } from 'vitest';
import { createClassTable } from '../../labels/classTable.ts';
import { decodeMaskPng } from '../indexedPng.ts';
import { maskOf, memoryFiles, planFor, rowsOf, writeMasks } from '../testing/memoryFolder.ts';
import { retrainFormat } from './retrainFormat.ts';

const street = createClassTable(['Sky', 'Road', 'Car']);
/** A merge left a gap: 0 and 2. */
const merged = { ...street, classes: street.classes.filter(({ id }) => id !== 1) };

const masks = [
  { name: 'bonn/A_1.jpg', classMap: maskOf('02', '2.') },
  { name: 'B_1.png', classMap: maskOf('00', '00'), split: 'val' as const },
];

test('masks, weights, splits and a config that names them', async () => {
  const files = await writeMasks(retrainFormat, masks, merged, { keepRatio: 0.5 });
  expect(Object.keys(files).sort()).toEqual([
    'README.md',
    'classes.json',
    'masks/B_1.png',
    'masks/bonn/A_1.png',
    'retrain.json',
    'splits/train.txt',
    'splits/val.txt',
    'weights/B_1.png',
    'weights/bonn/A_1.png',
  ]);
  const pixels = (path: string) => decodeMaskPng(files[path]!, path);
  expect(rowsOf(pixels('masks/bonn/A_1.png'))).toEqual(['01', '1.']);
  expect([...pixels('weights/bonn/A_1.png').ids]).toEqual([64, 64, 64, 0]);
  const text = (path: string) => strFromU8(files[path]!);
  expect(text('splits/train.txt')).toBe('bonn/A_1\n');
  expect(text('splits/val.txt')).toBe('B_1\n');
  expect(JSON.parse(text('classes.json'))).toEqual({ classes: ['Sky', 'Car'], void: 255 });
  expect(JSON.parse(text('retrain.json'))).toMatchObject({
    sources: [
      { images: 'images', masks: 'masks', weights: 'weights', weight_one: 64, split: 'splits/train.txt' },
    ],
    evaluate: { images: 'images', masks: 'masks', split: 'splits/val.txt' },
    student: { gating: { keep_ratio: 0.5 }, distill: { teacher: null } },
  });
});

test('given weights are written as they are; without validation nothing is evaluated', async () => {
  const [first] = masks;
  const writer = retrainFormat.createWriter(planFor([first!], street));
  const [, weights] = writer.add(0, first!.classMap, Uint8Array.of(1, 128, 255, 0));
  const content = weights && 'content' in weights ? await weights.content() : '';
  expect([...decodeMaskPng(content as Uint8Array, 'weights').ids]).toEqual([1, 128, 255, 0]);
  const config = writer.finish().find(({ path }) => path === 'retrain.json');
  const text = config && 'content' in config ? await config.content() : '';
  expect(JSON.parse(String(text))).toMatchObject({ evaluate: null, batch: 2, steps: 300, size: [32, 32] });
});

test('views are as large as those of the shipped models, and steps follow from the pictures', async () => {
  const large = { width: 960, height: 720, ids: new Uint8Array(960 * 720) };
  const many = Array.from({ length: 100 }, (_, n) => ({ name: `${n}.jpg`, classMap: large }));
  const writer = retrainFormat.createWriter(planFor(many, street));
  many.forEach(({ classMap }, index) => writer.add(index, classMap));
  const config = writer.finish().find(({ path }) => path === 'retrain.json');
  const text = config && 'content' in config ? await config.content() : '';
  expect(JSON.parse(String(text))).toMatchObject({ size: [288, 384], batch: 8, steps: 750 });
});

test('a pack is not taken for plain masks', async () => {
  const files = await writeMasks(retrainFormat, masks, street);
  expect(await retrainFormat.recognise(memoryFiles(files))).toBe('retrain.json and 2 files masks/*.png');
  delete files['retrain.json'];
  expect(await retrainFormat.recognise(memoryFiles(files))).toBeNull();
});
