import { strFromU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodePng } from '../../imaging/png/decodePng.ts';
import { createClassTable } from '../../labels/classTable.ts';
import { ADE20K_NAMES } from '../ade20kNames.ts';
import { CITYSCAPES_CLASSES, CITYSCAPES_LABELS } from '../cityscapesLabels.ts';
import { formatById, recogniseFormat } from '../formatRegistry.ts';
import { toBase64 } from '../formatText.ts';
import type { FormatId } from '../maskFormat.ts';
import { encodeGreyPng, encodeRgbPng } from '../png.ts';
import { maskOf, memoryFiles, rowsOf, writeMasks } from '../testing/memoryFolder.ts';

const table = createClassTable(['Sky', 'Road', 'Car']);
const grey = (...values: number[]) => encodeGreyPng(values.length, 1, values, 8);
const values = (bytes: Uint8Array | undefined) => [...decodePng(bytes!, 'mask').samples];
const json = (bytes: Uint8Array | undefined) => JSON.parse(strFromU8(bytes!)) as Record<string, unknown>;

async function firstMask(id: FormatId, content: Record<string, string | Uint8Array>) {
  const set = await formatById(id).open(memoryFiles(content));
  const mask = await set.entries[0]!.read();
  const names = [...mask.classMap.ids].map(
    (value) => set.classTable.classes.find((one) => one.id === value)?.name,
  );
  return { set, mask, names };
}

describe('ADE20K', () => {
  const ade = (bytes: Uint8Array) => ({ 'annotations/training/a.png': bytes });

  test('a list of classes that is empty', async () => {
    const files = memoryFiles({ ...ade(grey(1)), 'objectInfo150.txt': 'Idx\tRatio\n' });
    await expect(formatById('ade20k').open(files)).rejects.toThrow(
      'objectInfo150.txt: it lists no classes. It lists Idx, Ratio, Train, Val, Stuff and Name, with tabs between them',
    );
  });

  test('values are the class + 1 and 0 is nothing: never shifted twice', async () => {
    const first = await writeMasks(
      formatById('ade20k'),
      [{ name: 'a.jpg', classMap: maskOf('012.') }],
      table,
    );
    expect(values(first['annotations/training/a.png'])).toEqual([1, 2, 3, 0]);
    const { set, mask } = await firstMask('ade20k', first);
    const again = await writeMasks(
      formatById('ade20k'),
      [{ name: 'a.jpg', classMap: mask.classMap }],
      set.classTable,
    );
    expect(again['annotations/training/a.png']).toEqual(first['annotations/training/a.png']);
  });

  test('without a list of names it has the 150 published ones; above them is unknown', async () => {
    expect([ADE20K_NAMES.length, new Set(ADE20K_NAMES).size]).toEqual([150, 150]);
    const { names, mask } = await firstMask('ade20k', ade(grey(1, 13, 150, 0, 151)));
    expect(names).toEqual(['wall', 'person', 'flag', undefined, undefined]);
    expect(mask.unknown).toEqual([{ value: 'value 151', pixels: 1 }]);
  });

  test('masks without the offset look valid, and are suspected', async () => {
    const { set } = await firstMask('ade20k', ade(grey(0, 1)));
    const counts = new Map([
      ['ignore', 40],
      ['wall', 60],
    ]);
    expect(set.suspect?.(counts).map(({ title }) => title)).toEqual([
      '40% of the pixels are 0 (other), and class flag never occurs',
    ]);
    expect(set.suspect?.(new Map([...counts, ['flag', 1]]))).toEqual([]);
  });

  test('the full ADE20K is another format, and says so', async () => {
    const files = memoryFiles({
      'images/training/ADE_train_00000001_seg.png': encodeRgbPng(1, 1, Uint8Array.of(10, 3, 1)),
    });
    expect((await recogniseFormat(files, 'ade')).format.id).toBe('ade20k');
    await expect(formatById('ade20k').open(files)).rejects.toThrow('the full ADE20K (*_seg.png:');
  });
});

describe('Cityscapes', () => {
  const gt = (kind: string) => `gtFine/val/bonn/bonn_000001_000019_gtFine_${kind}.png`;

  test('train ids are those of the label list', () => {
    const trained = CITYSCAPES_LABELS.filter(({ trainId }) => trainId !== 255);
    expect(trained.map(({ trainId }) => trainId)).toEqual(trained.map((_, n) => n));
    expect(trained.map(({ id }) => id)).toEqual([
      7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33,
    ]);
  });

  test('a server wants ids, models give train ids: each file has its own', async () => {
    const classMap = { width: 3, height: 1, ids: Uint8Array.of(7, 26, 255) };
    const files = await writeMasks(
      formatById('cityscapes'),
      [{ name: 'x.png', classMap }],
      CITYSCAPES_CLASSES,
    );
    const [ids, train] = ['labelIds', 'labelTrainIds'].map(
      (kind) => files[`gtFine/train/x/x_000000_000000_gtFine_${kind}.png`],
    );
    expect([values(ids), values(train)]).toEqual([
      [7, 26, 0],
      [0, 13, 255],
    ]);
    const { names } = await firstMask('cityscapes', { [gt('labelTrainIds')]: grey(0, 13, 255) });
    expect(names).toEqual(['road', 'car', undefined]);
  });

  test('train ids under the name of label ids are refused', async () => {
    await expect(firstMask('cityscapes', { [gt('labelIds')]: grey(7, 8, 255) })).rejects.toThrow(
      `mask ${gt('labelIds')}: its values look like train ids (0 to 18), not like label ids`,
    );
  });

  test('objects are components, numbered from 0; other classes have the plain id', async () => {
    const classMap = { width: 5, height: 1, ids: Uint8Array.of(26, 7, 26, 255, 24) };
    const files = await writeMasks(
      formatById('cityscapes'),
      [{ name: 'x.png', classMap }],
      CITYSCAPES_CLASSES,
    );
    expect(values(files['gtFine/train/x/x_000000_000000_gtFine_instanceIds.png'])).toEqual([
      26000, 7, 26001, 0, 24000,
    ]);
  });

  test('objects beyond the thousandth of a class are a group, which has the plain id', async () => {
    const ids = Uint8Array.from({ length: 2003 }, (_, x) => (x % 2 === 0 ? 26 : 7));
    const classMap = { width: ids.length, height: 1, ids };
    const files = await writeMasks(
      formatById('cityscapes'),
      [{ name: 'x.png', classMap }],
      CITYSCAPES_CLASSES,
    );
    const instances = values(files['gtFine/train/x/x_000000_000000_gtFine_instanceIds.png']);
    expect(instances.slice(-5)).toEqual([26999, 7, 26, 7, 26]);
  });

  test('a road with nothing labelled beside it is no mask of train ids', async () => {
    const { names } = await firstMask('cityscapes', { [gt('labelIds')]: grey(0, 7, 8) });
    expect(names).toEqual([undefined, 'road', 'sidewalk']);
  });

  test('colours alone cannot be read back', async () => {
    const files = memoryFiles({ [gt('color')]: encodeRgbPng(1, 1, Uint8Array.of(128, 64, 128)) });
    expect((await recogniseFormat(files, 'x')).format.id).toBe('cityscapes');
    expect(() => formatById('cityscapes').open(files)).toThrow(
      'no *_labelIds.png and no *_labelTrainIds.png',
    );
  });

  test('an image that is named as Cityscapes names them keeps its name', () => {
    const images = [
      {
        name: 'bonn/bonn_000001_000019_leftImg8bit.png',
        stem: 'bonn/bonn_000001_000019_leftImg8bit',
        flat: 'b',
        ending: '.png',
        split: 'val' as const,
      },
    ];
    const writer = formatById('cityscapes').createWriter({
      classTable: CITYSCAPES_CLASSES,
      images,
      projectName: 'p',
    });
    expect(writer.place(0)).toEqual({
      mask: gt('labelIds'),
      image: 'leftImg8bit/val/bonn/bonn_000001_000019_leftImg8bit.png',
    });
  });
});

describe('Pascal VOC and CVAT', () => {
  test('255 is the border and never a class, 0 is background', async () => {
    const files = await writeMasks(formatById('voc'), [{ name: 'a.jpg', classMap: maskOf('012.') }], table);
    expect(values(files['SegmentationClass/a.png'])).toEqual([1, 2, 3, 255]);
    expect(strFromU8(files['labelmap.txt']!).split('\n').slice(1, 3)).toEqual([
      'background:0,0,0::',
      'Sky:128,0,0::',
    ]);
    const { names } = await firstMask('voc', { 'SegmentationClass/a.png': grey(0, 15, 255) });
    expect(names).toEqual(['background', 'person', undefined]);
  });

  test('lists have the stems of their images', async () => {
    const masks = [
      { name: 'x/a.jpg', classMap: maskOf('0') },
      { name: 'b.jpg', classMap: maskOf('1'), split: 'val' as const },
    ];
    const files = await writeMasks(formatById('voc'), masks, table);
    const list = (name: string) => strFromU8(files[`ImageSets/Segmentation/${name}.txt`]!);
    expect(['train', 'val', 'trainval'].map(list)).toEqual(['x_a\n', 'b\n', 'x_a\nb\n']);
  });

  test('objects have a number each, and where there are too many, each class has one', async () => {
    const objects = async (pairs: number) => {
      const classMap = maskOf('01'.repeat(pairs));
      const files = await writeMasks(formatById('voc'), [{ name: 'a.jpg', classMap }], table);
      return values(files['SegmentationObject/a.png']);
    };
    expect(await objects(2)).toEqual([1, 2, 3, 4]);
    const many = await objects(128);
    expect([many.slice(0, 4), many.slice(-2)]).toEqual([
      [1, 2, 1, 2],
      [1, 2],
    ]);
  });

  test('the border is declared by its colour, and its place in the list is no value of it', async () => {
    const files = await writeMasks(formatById('voc'), [{ name: 'a.jpg', classMap: maskOf('012.') }], table);
    expect(strFromU8(files['labelmap.txt']!)).toMatch(/Car:128,128,0::\nignore:224,224,192::\n$/);
    const declared = { 'labelmap.txt': 'background:0,0,0::\nroad:1,2,3::\nignored:224,224,192::\n' };
    const numbers = await firstMask('voc', { ...declared, 'SegmentationClass/a.png': grey(1, 255, 2) });
    expect([numbers.names, numbers.mask.unknown]).toEqual([
      ['road', undefined, undefined],
      [{ value: 'value 2', pixels: 1 }],
    ]);
    const rgb = encodeRgbPng(2, 1, Uint8Array.of(1, 2, 3, 224, 224, 192));
    for (const labelmap of [declared['labelmap.txt'], 'road:1,2,3::']) {
      const { names, mask } = await firstMask('cvat', {
        'labelmap.txt': labelmap,
        'SegmentationClass/a.png': rgb,
      });
      expect([names, mask.unknown]).toEqual([['road', undefined], []]);
    }
  });

  test('colours that labelmap.txt does not declare are named', async () => {
    const { mask, names } = await firstMask('cvat', {
      'labelmap.txt': '# label:color_rgb:parts:actions\nroad:1,2,3::\n',
      'SegmentationClass/a.png': encodeRgbPng(3, 1, Uint8Array.of(1, 2, 3, 9, 9, 9, 0, 0, 0)),
    });
    expect(names).toEqual(['road', undefined, undefined]);
    expect(mask.unknown).toEqual([
      { value: '#000000', pixels: 1 },
      { value: '#090909', pixels: 1 },
    ]);
  });

  test('black is declared as background, which CVAT leaves out', async () => {
    const files = await writeMasks(formatById('cvat'), [{ name: 'a.jpg', classMap: maskOf('0.') }], table);
    expect(strFromU8(files['labelmap.txt']!)).toContain('\nbackground:0,0,0::\n');
    expect(values(files['SegmentationClass/a.png']).slice(3)).toEqual([0, 0, 0]);
  });

  test('a line of labelmap.txt that is none', async () => {
    await expect(
      firstMask('cvat', { 'labelmap.txt': 'road:1,2::', 'SegmentationClass/a.png': grey(0) }),
    ).rejects.toThrow('labelmap.txt: "road:1,2::" is no class. A line looks like road:128,64,128::');
  });
});

describe('COCO', () => {
  test('panoptic ids are R + 256 G + 65536 B, and 0 is nothing', async () => {
    const id = 70_000;
    const png = encodeRgbPng(2, 1, Uint8Array.of(id & 255, (id >> 8) & 255, id >> 16, 0, 0, 0));
    const annotations = [{ image_id: 1, file_name: 'a.png', segments_info: [{ id, category_id: 9 }] }];
    const content = { annotations, categories: [{ id: 9, name: 'road' }] };
    const { names, mask } = await firstMask('coco-panoptic', {
      'p.json': JSON.stringify(content),
      'p/a.png': png,
    });
    expect([names, mask.unknown]).toEqual([['road', undefined], []]);
  });

  test('panoptic segments have area and box, and the PNG has no alpha', async () => {
    const classMap = maskOf('.00', '.20');
    const files = await writeMasks(formatById('coco-panoptic'), [{ name: 'a.jpg', classMap }], table);
    const content = json(files['annotations/panoptic_train.json']) as {
      annotations: { segments_info: object[] }[];
      categories: { id: number }[];
    };
    expect(content.annotations[0]!.segments_info).toEqual([
      { id: 1, category_id: 1, area: 3, bbox: [1, 0, 2, 2], iscrowd: 0 },
      { id: 3, category_id: 3, area: 1, bbox: [1, 1, 1, 1], iscrowd: 0 },
    ]);
    expect(content.categories.map(({ id }) => id)).toEqual([1, 2, 3]);
    const png = files['annotations/panoptic_train/a.png']!;
    expect([png[25], values(png).slice(0, 6)]).toEqual([2, [0, 0, 0, 1, 0, 0]]);
  });

  const stuff = (segmentation: unknown) => ({
    'a.json': JSON.stringify({
      images: [{ id: 1, file_name: 'a.jpg', width: 3, height: 2 }],
      categories: [{ id: 5, name: 'road' }],
      annotations: [{ image_id: 1, category_id: 5, segmentation }],
    }),
  });

  test('size is height first, counts go down the columns', async () => {
    const { mask } = await firstMask('coco-stuff', stuff({ size: [2, 3], counts: [1, 3, 2] }));
    expect(rowsOf(mask.classMap)).toEqual(['.0.', '00.']);
    await expect(firstMask('coco-stuff', stuff({ size: [3, 2], counts: [6] }))).rejects.toThrow(
      'a.json, image a.jpg: an encoding of 2 x 3 pixels, its image has 3 x 2. "size" is height, then width',
    );
  });

  test('polygons are read', async () => {
    const { mask } = await firstMask('coco-stuff', stuff([[0, 0, 2, 0, 2, 2, 0, 2]]));
    expect(rowsOf(mask.classMap)).toEqual(['00.', '00.']);
  });
});

describe('labelme', () => {
  const file = (shapes: unknown[]) => ({
    'a.json': JSON.stringify({
      version: '5',
      imagePath: 'a.jpg',
      imageHeight: 2,
      imageWidth: 3,
      imageData: null,
      shapes,
    }),
  });
  const shape = (label: string, points: number[][], mask: Uint8Array) => ({
    label,
    points,
    shape_type: 'mask',
    mask: toBase64(mask),
  });

  test('both corners of a mask are inside, and later shapes win', async () => {
    const { names } = await firstMask(
      'labelme',
      file([
        shape(
          'road',
          [
            [0, 0],
            [1, 1],
          ],
          encodeGreyPng(2, 2, [1, 1, 1, 0], 8),
        ),
        {
          label: 'car',
          points: [
            [1, 0],
            [3, 0],
            [3, 1],
            [1, 1],
          ],
          shape_type: 'polygon',
        },
      ]),
    );
    expect(names).toEqual(['road', 'car', 'car', 'road', undefined, undefined]);
    await expect(
      firstMask(
        'labelme',
        file([
          shape(
            'road',
            [
              [0, 0],
              [2, 2],
            ],
            grey(1, 1),
          ),
        ]),
      ),
    ).rejects.toThrow(
      'a.json: mask "road" has 2 x 1 pixels, its corners say 3 x 3. Both corners are inside: the height is y2 - y1 + 1',
    );
  });

  test('a hole stays a hole, imageData is null, and what others wrote stays', async () => {
    const classMap = maskOf('111', '1.1', '111');
    const earlier = JSON.stringify({
      flags: { night: true },
      reviewer: 'Ann',
      shapes: ['old'],
      imagePath: 'old.jpg',
    });
    const files = await writeMasks(formatById('labelme'), [{ name: 'a.jpg', classMap }], table, {
      earlier: () => Promise.resolve(earlier),
    });
    expect(json(files['a.json'])).toMatchObject({
      flags: { night: true },
      reviewer: 'Ann',
      imagePath: 'a.jpg',
      imageData: null,
      shapes: [
        {
          label: 'Road',
          points: [
            [0, 0],
            [2, 2],
          ],
        },
      ],
    });
    expect((await firstMask('labelme', files)).names[4]).toBeUndefined();
  });

  test('a rectangle that is turned has four corners', async () => {
    const points = [
      [0, 0],
      [3, 0],
      [3, 1],
      [0, 1],
    ];
    const turned = { label: 'car', points, shape_type: 'oriented_rectangle' };
    expect((await firstMask('labelme', file([turned]))).names).toEqual([
      'car',
      'car',
      'car',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('a line has no area', async () => {
    await expect(
      firstMask('labelme', file([{ label: 'lane', points: [[0, 0]], shape_type: 'line' }])),
    ).rejects.toThrow('a.json: "lane" is a line, which has no area');
  });
});

describe('mmsegmentation and imagefolder', () => {
  test('values have no gaps, 255 is ignored, and 0 stays a class', async () => {
    const gaps = { ...table, classes: table.classes.filter(({ id }) => id !== 1) };
    const files = await writeMasks(formatById('mmseg'), [{ name: 'a.jpg', classMap: maskOf('02.') }], gaps);
    expect(values(files['ann_dir/train/a.png'])).toEqual([0, 1, 255]);
    expect(strFromU8(files['dataset.py']!)).toContain('reduce_zero_label=False');
  });

  test('masks of colours are refused', async () => {
    await expect(
      firstMask('mmseg', { 'ann_dir/val/a.png': encodeRgbPng(1, 1, Uint8Array.of(1, 2, 3)) }),
    ).rejects.toThrow('mask ann_dir/val/a.png: RGB colours instead of class ids');
  });

  test('pairs are named in a metadata.jsonl in each split, none at the root', async () => {
    const masks = [
      { name: 'x/a.jpg', classMap: maskOf('0') },
      { name: 'b.jpg', classMap: maskOf('1'), split: 'val' as const },
    ];
    const files = await writeMasks(formatById('imagefolder'), masks, table);
    expect(Object.keys(files).filter((name) => name.endsWith('.jsonl'))).toEqual([
      'train/metadata.jsonl',
      'validation/metadata.jsonl',
    ]);
    expect(json(files['train/metadata.jsonl'])).toEqual({
      file_name: 'x_a.jpg',
      mask_file_name: 'masks/x_a.png',
    });
    expect(json(files['preprocessor_config.json'])).toEqual({ do_reduce_labels: false, ignore_index: 255 });
  });

  test('do_reduce_labels is taken at its word', async () => {
    const row = '{"file_name": "a.jpg", "mask_file_name": "a.png"}';
    const base = {
      'train/metadata.jsonl': row,
      'train/a.png': grey(0, 1, 2, 255),
      'id2label.json': '{"0": "sky", "1": "road"}',
    };
    const reduced = { ...base, 'preprocessor_config.json': '{"do_reduce_labels": true}' };
    expect((await firstMask('imagefolder', reduced)).names).toEqual([undefined, 'sky', 'road', undefined]);
    const plain = await firstMask('imagefolder', base);
    expect([plain.names, plain.mask.unknown]).toEqual([
      ['sky', 'road', undefined, undefined],
      [{ value: 'value 2', pixels: 1 }],
    ]);
  });
});

test('Label Studio: one region per class, images by the path in their url', async () => {
  const files = await writeMasks(
    formatById('label-studio'),
    [{ name: 'x/a b.jpg', classMap: maskOf('011', '1.0') }],
    table,
  );
  const [task] = JSON.parse(strFromU8(files['tasks.json']!)) as {
    annotations: { result: { value: { brushlabels: string[] } }[] }[];
  }[];
  expect(task!.annotations[0]!.result.map(({ value }) => value.brushlabels)).toEqual([['Sky'], ['Road']]);
  const { set } = await firstMask('label-studio', files);
  expect(set.entries[0]!.image).toBe('x/a b.jpg');
  const uploaded = strFromU8(files['tasks.json']!).replace(
    '/data/local-files/?d=x/a b.jpg',
    '/data/upload/7/1a2b3c4d-a%20b.jpg',
  );
  expect((await firstMask('label-studio', { 'tasks.json': uploaded })).set.entries[0]!.image).toBe('a b.jpg');
});

test('Label Studio: what was labelled on a turned picture is refused', async () => {
  const files = await writeMasks(
    formatById('label-studio'),
    [{ name: 'a.jpg', classMap: maskOf('01') }],
    table,
  );
  const turned = strFromU8(files['tasks.json']!).replaceAll('"image_rotation":0', '"image_rotation":90');
  await expect(firstMask('label-studio', { 'tasks.json': turned })).rejects.toThrow(
    'tasks.json, task 1: turned by 90 degrees. Turn the image itself, and label it upright',
  );
});

test('Label Studio: an annotation without regions is a mask of nothing, once its size is known', async () => {
  const task = (data: object, result: object[]) =>
    JSON.stringify([
      { data, annotations: [{ result }] },
      { data: {}, annotations: [] },
    ]);
  const open = (text: string) => formatById('label-studio').open(memoryFiles({ 'tasks.json': text }));
  const { mask } = await firstMask('label-studio', {
    'tasks.json': task({ image: 'a.jpg', width: 2, height: 1 }, []),
  });
  expect(mask.classMap).toEqual({ width: 2, height: 1, ids: Uint8Array.of(255, 255) });
  expect((await open(task({ image: 'a.jpg', width: '2', height: 1 }, []))).entries).toEqual([]);
  const rectangle = task({ image: 'a.jpg', width: 2, height: 1 }, [{ type: 'rectanglelabels' }]);
  expect((await open(rectangle)).entries).toEqual([]);
});

test('16-bit grey and fewer than 8 bits are read as numbers, never as colours', async () => {
  const wide = encodeGreyPng(2, 1, [1, 2], 16);
  const classes = '{"classes": ["sky", "road", "car"], "void": 255}';
  const { names } = await firstMask('png', { 'classes.json': classes, 'a.png': wide });
  expect(names).toEqual(['road', 'car']);
});
