import { expect, test } from 'vitest';
import { createClassTable } from '../labels/classTable.ts';
import { formatProblem } from '../problem.ts';
import { formatById } from './formatRegistry.ts';
import { assertMapped, importedMasks, surveyMasks, type ImportInput } from './surveyMasks.ts';
import { encodeGreyPng } from './png.ts';
import { maskOf, memoryFiles, rowsOf } from './testing/memoryFolder.ts';

const project = createClassTable(['Road', 'Sky', 'Car']);

const grey = (...rows: string[]) => {
  const { width, height, ids } = maskOf(...rows);
  return encodeGreyPng(width, height, ids, 8);
};

/** Sky and Road in the other order, a class that the project does not have, and a value that is none. */
async function input(choices: [string, string][] = []): Promise<ImportInput> {
  const files = memoryFiles({
    'classes.json': '{"classes": ["sky", "road", "dog"], "void": 255}',
    'masks/a.png': grey('01', '2.'),
    'masks/b.png': grey('0', '1'),
    'masks/c.png': grey('07'),
    'masks/other.png': grey('0'),
    'masks/broken.png': Uint8Array.of(1, 2, 3),
  });
  const image = (id: number, name: string, width: number, height: number) => ({ id, name, width, height });
  return {
    set: await formatById('png').open(files),
    images: [
      image(1, 'a.jpg', 2, 2),
      image(2, 'b.jpg', 2, 1),
      image(3, 'c.jpg', 2, 1),
      image(4, 'd.jpg', 2, 1),
      image(5, 'broken.jpg', 1, 1),
    ],
    classTable: project,
    choices: new Map(choices),
  };
}

test('a survey counts what is there, and what does not fit', async () => {
  const seen: string[] = [];
  const survey = await surveyMasks(await input(), {
    onProgress: ({ done, total }) => seen.push(`${done}/${total}`),
  });
  expect(survey).toMatchObject({
    masks: 5,
    usable: 2,
    images: 5,
    masksWithoutImage: { count: 1, names: ['other'] },
    imagesWithoutMask: { count: 1, names: ['d.jpg'] },
    classes: [
      { name: 'sky', pixels: 2, masks: 2, becomes: 'Sky', how: 'name' },
      { name: 'road', pixels: 1, masks: 1, becomes: 'Road', how: 'name' },
      { name: 'dog', pixels: 1, masks: 1, becomes: null, how: 'unknown' },
    ],
    unknownValues: [{ value: 'value 7', pixels: 1, masks: 1 }],
  });
  expect(survey.problems.map(formatProblem)).toEqual([
    'mask masks/b.png: 1 x 2 pixels, its image b.jpg has 2 x 1. Turn the mask as the image is shown, with its EXIF orientation applied',
    expect.stringMatching(/^mask masks\/broken.png: not a PNG/),
  ]);
  expect(seen).toEqual(['0/4', '1/4', '2/4', '3/4', '4/4']);
  expect(() => assertMapped(survey, project)).toThrow(
    'the project has no class dog. Its classes are Road, Sky, Car. Say what they are: --map "dog=ignore"',
  );
});

test('masks come in the classes of the project, by name and by choice', async () => {
  const chosen = await input([['dog', 'Car']]);
  assertMapped(await surveyMasks(chosen), project);
  const masks: unknown[] = [];
  for await (const { image, classMap } of importedMasks(chosen)) masks.push([image.name, rowsOf(classMap)]);
  expect(masks).toEqual([
    ['a.jpg', ['10', '2.']],
    ['c.jpg', ['1.']],
  ]);
});

test('a manifest says which image a mask is of', async () => {
  const files = memoryFiles({ 'masks/x_000.png': grey('01', '00') });
  const set = await formatById('png').open(files);
  const survey = await surveyMasks({
    ...(await input([
      ['value 0', 'Sky'],
      ['value 1', 'ignore'],
    ])),
    set,
    imageOf: ({ file }) => (file === 'masks/x_000.png' ? 'a.jpg' : null),
  });
  expect([survey.usable, survey.classes.map(({ name, becomes }) => `${name} ${becomes}`)]).toEqual([
    1,
    ['value 0 Sky', 'value 1 ignore'],
  ]);
});

test('it can be stopped', async () => {
  const signal = {
    throwIfAborted: () => {
      throw new Error('stopped');
    },
  };
  await expect(surveyMasks(await input(), { signal })).rejects.toThrow('stopped');
});
