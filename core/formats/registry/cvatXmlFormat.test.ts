import { strFromU8 } from 'fflate';
import { expect, test } from 'vitest';
import { createClassTable } from '../../labels/classTable.ts';
import { recogniseFormat } from '../formatRegistry.ts';
import { maskOf, memoryFiles, rowsOf, writeMasks } from '../testing/memoryFolder.ts';
import { cvatXmlFormat } from './cvatXmlFormat.ts';

const table = createClassTable(['Sky', 'Road']);

const file = (shapes: string, more = '') => ({
  'annotations.xml': `<?xml version="1.0"?>
<annotations><meta><job><labels>
<label><name>car</name><color>#010203</color><attributes><attribute><name>parked</name></attribute></attributes></label>
<label><name>road</name><color>grey</color></label>
</labels></job></meta>${more}
<image id="0" name="x/a.jpg" width="4" height="3">${shapes}</image></annotations>`,
});
const mask = (label: string, rle: string, box = 'left="1" top="1" width="2" height="2"') =>
  `<mask label="${label}" rle="${rle}" ${box} z_order="0"></mask>`;

async function rows(shapes: string): Promise<string[]> {
  const set = await cvatXmlFormat.open(memoryFiles(file(shapes)));
  return rowsOf((await set.entries[0]!.read()).classMap);
}

test('runs go along the rows inside the box, outside first', async () => {
  const files = await writeMasks(
    cvatXmlFormat,
    [{ name: 'a "1".jpg', classMap: maskOf('....', '.01.', '.1..') }],
    table,
  );
  const text = strFromU8(files['annotations.xml']!);
  expect(text).toContain('<image id="0" name="a &quot;1&quot;.jpg" width="4" height="3">');
  expect(text).toContain('label="Sky" source="manual" occluded="0" rle="0, 1" left="1" top="1" width="1"');
  expect(text).toContain(
    'label="Road" source="manual" occluded="0" rle="1, 2, 1" left="1" top="1" width="2" height="2"',
  );
  expect(await rows(mask('road', '1, 2, 1'))).toEqual(['....', '..1.', '.1..']);
  expect(await rows(mask('road', '0,3,1'))).toEqual(['....', '.11.', '.1..']);
});

test('labels come in the order of the head, with their colours, and image names whole', async () => {
  const files = memoryFiles(file(mask('bus', '0,4')));
  expect((await recogniseFormat(files, 'x')).format.id).toBe('cvat-xml');
  const { classTable, entries } = await cvatXmlFormat.open(files);
  expect(classTable.classes.map(({ name, colour }) => [name, colour])).toEqual([
    ['car', [1, 2, 3]],
    ['road', [0, 128, 0]],
    ['bus', [128, 128, 0]],
  ]);
  expect(entries.map(({ image }) => image)).toEqual(['x/a.jpg']);
});

test('what lies higher is painted over what lies lower, wherever it stands', async () => {
  const polygon = '<polygon label="car" points="0.00,0.00;2.00,0.00;2.00,3.00;0.00,3.00" z_order="1"/>';
  const box = '<box label="road" xtl="1" ytl="0" xbr="4" ybr="1" z_order="0"></box>';
  expect(await rows(`${polygon}${box}<tag label="car"/>`)).toEqual(['0011', '00..', '00..']);
});

test('boxes may be turned, and ellipses are round', async () => {
  expect(await rows('<box label="car" xtl="0.5" ytl="1" xbr="3.5" ybr="2" rotation="90"/>')).toEqual([
    '.0..',
    '.0..',
    '.0..',
  ]);
  expect(await rows('<ellipse label="car" cx="2" cy="1.5" rx="2" ry="1"/>')).toEqual([
    '....',
    '0000',
    '....',
  ]);
});

test.each([
  ['a run too few', mask('car', '0,3'), 'the runs of a mask are not those of its 2 x 2 pixels'],
  ['a run too many', mask('car', '0,4,1'), 'the runs of a mask are not those of its 2 x 2 pixels'],
  ['no number', mask('car', '0,x'), 'a run of "x" pixels'],
  [
    'a box outside',
    mask('car', '0,4', 'left="3" top="1" width="2" height="2"'),
    'a mask of 2 x 2 pixels at 3, 1 leads out of 4 x 3',
  ],
  [
    'half a pixel',
    mask('car', '0,4', 'left="0.5" top="1" width="2" height="2"'),
    'left="0.5" of <mask> is no number of pixels',
  ],
  ['nothing of a box', '<box label="car" xtl="1"/>', 'ytl="" of <box> is no number'],
  ['no label', '<box xtl="1"/>', 'a box has no label'],
  [
    'a line',
    '<polyline label="car" points="0,0;1,1"/>',
    '"car" is a polyline, which has no area. Masks, polygons, boxes and ellipses are read; remove it or make it one of them',
  ],
])('%s is refused', async (_, shapes, message) => {
  await expect(rows(shapes)).rejects.toThrow(`annotations.xml, image x/a.jpg: ${message}`);
});

test('tracks of a video are refused', async () => {
  const files = memoryFiles(file('', '<track id="0" label="car"><box frame="0"/></track>'));
  await expect(cvatXmlFormat.open(files)).rejects.toThrow(
    'annotations.xml: it has tracks of a video, not images. Export it as "CVAT for images 1.1" or "Segmentation mask 1.1"',
  );
});
