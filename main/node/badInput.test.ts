import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClassTable } from '#core/labels/classTable.ts';
import { formatProblem, ProblemError } from '#core/problem.ts';
import { writeFileDurable } from './atomicFile.ts';
import { runExport, type ExportSource } from './exportRunner.ts';
import { listImageFolder } from './imageFolder.ts';
import { resolveModel } from './modelCatalog.ts';
import { readModelFolder } from './modelFolder.ts';
import { greyPngBytes, jpegBytes, pngBytes, pngHeaderBytes } from './testing/imageBytes.ts';
import { tinyOnnx, writeModelFolder } from './testing/modelFolder.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';
import { TruthFolder } from './truthFolder.ts';

/** What the user is told, word for word. */
async function messageOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a bad image', () => {
  const whole = jpegBytes({ width: 30, height: 20 });
  const cases: readonly [
    name: string,
    make: (folder: TemporaryFolder) => Promise<unknown>,
    message: string,
  ][] = [
    [
      'truncated.jpg',
      (folder) => folder.write('truncated.jpg', whole.subarray(0, whole.length - 2)),
      `truncated.jpg: truncated JPEG: the file ends after ${whole.length - 2} bytes, before its picture does. Copy or download it again from its source`,
    ],
    [
      'empty.png',
      (folder) => folder.write('empty.png', ''),
      'empty.png: empty file (0 bytes). Copy or download it again from its source',
    ],
    [
      'text.jpg',
      (folder) => folder.write('text.jpg', 'hello'),
      'text.jpg: not an image: it starts with the bytes 68 65 6c 6c. JPEG, PNG, WebP and BMP are read',
    ],
    [
      'cmyk.jpg',
      (folder) => folder.write('cmyk.jpg', jpegBytes({ width: 30, height: 20, components: 4 })),
      'cmyk.jpg: CMYK JPEG for print, not RGB. Convert it to RGB in an image editor',
    ],
    [
      'deep.png',
      (folder) => folder.write('deep.png', pngBytes(4, 3, 16)),
      'deep.png: 16 bits per channel, reduced to 8. The models see 8 bits per channel',
    ],
    [
      'turned.jpg',
      (folder) => folder.write('turned.jpg', jpegBytes({ width: 30, height: 20, orientation: 6 })),
      'turned.jpg: shown upright, turned by 90 degrees clockwise (EXIF orientation 6). Its masks are upright too: 20 x 30 pixels',
    ],
    [
      'huge.png',
      (folder) => folder.write('huge.png', pngHeaderBytes(30000, 30000)),
      'huge.png: 30000 x 30000 pixels (900 megapixels) is more than the limit of 268 megapixels. Cut it into tiles or make it smaller',
    ],
    [
      'folder.jpg',
      (folder) => mkdir(join(folder.path, 'folder.jpg')),
      'folder.jpg: a folder, not an image file. Rename it so that it does not end like an image',
    ],
    [
      'link.jpg',
      (folder) => symlink('gone.jpg', join(folder.path, 'link.jpg')),
      'link.jpg: a symbolic link to gone.jpg, which does not exist. Put the file where the link points to, or remove the link',
    ],
    [
      'circle.jpg',
      (folder) => symlink('circle.jpg', join(folder.path, 'circle.jpg')),
      'circle.jpg: cannot be read: its symbolic links go in a circle. Check that it is there and that you may read it',
    ],
    [
      'outside.jpg',
      (folder) => symlink('/etc/hostname', join(folder.path, 'outside.jpg')),
      'outside.jpg: a symbolic link to a file outside the folder. Only files inside the opened folder are read: copy it here, or open the folder that it is in',
    ],
  ];

  it.each(cases)('%s', async (name, make, message) => {
    await using folder = await temporaryFolder();
    await make(folder);
    const { images } = await listImageFolder(folder.path);
    expect(images.map((image) => [image.name, image.problem && formatProblem(image.problem)])).toEqual([
      [name, message],
    ]);
  });

  it('lets the rest of the folder go on', async () => {
    await using folder = await temporaryFolder();
    for (const [, make] of cases) await make(folder);
    await folder.write('good.png', pngBytes(4, 3));
    const { images } = await listImageFolder(folder.path);
    expect(images).toHaveLength(cases.length + 1);
    expect(images.find(({ name }) => name === 'good.png')).toMatchObject({
      width: 4,
      height: 3,
      problem: null,
    });
  });
});

describe('a bad folder', () => {
  it('without images', async () => {
    await using folder = await temporaryFolder();
    await folder.write('empty/a.tif', '');
    await folder.write('empty/b.tif', '');
    await folder.write('empty/c.txt', '');
    const { images, problems } = await listImageFolder(join(folder.path, 'empty'));
    expect(images).toEqual([]);
    expect(problems.map(formatProblem)).toEqual([
      'empty: there are no images in this folder. Other files: 2 .tif, 1 .txt. JPEG, PNG, WebP and BMP files are opened',
    ]);
  });

  it('that does not exist, or is a file', async () => {
    await using folder = await temporaryFolder();
    const absent = join(folder.path, 'absent');
    expect(await messageOf(listImageFolder(absent))).toBe(
      `${absent}: cannot be read: it does not exist. Check that it is there and that you may read it`,
    );
    const file = await folder.write('a.png', pngBytes(2, 2));
    expect(await messageOf(listImageFolder(file))).toBe(
      `${file}: cannot be read: it is not a folder. Check that it is there and that you may read it`,
    );
  });
});

describe('a bad mask', () => {
  const table = createClassTable(['Sky', 'Road']);
  const image = { name: 'a.jpg', width: 2, height: 2 };
  const cases: readonly [what: string, bytes: Uint8Array, message: string][] = [
    [
      'of another size',
      greyPngBytes(3, 1, [0, 1, 1]),
      'mask a.png: 3 x 1 pixels, its image has 2 x 2. Resize the mask with the nearest filter, or choose the masks of these images',
    ],
    [
      'with an unknown value',
      greyPngBytes(2, 2, [0, 1, 37, 255]),
      'mask a.png: value 37 is not one of the 2 classes. 1 pixel has it. Declare the classes and the void value of these masks in a classes.json beside them',
    ],
    [
      'in colours',
      pngBytes(2, 2),
      'mask a.png: RGB colours instead of class ids. Save it as a palette or grey PNG whose values are class ids',
    ],
    [
      'that is no PNG',
      Uint8Array.from([1, 2, 3]),
      'mask a.png: not a PNG. Masks are PNG files whose palette indices or grey values are class ids; other formats change the values',
    ],
  ];

  it.each(cases)('%s', async (_what, bytes, message) => {
    await using folder = await temporaryFolder();
    await folder.write('masks/a.png', bytes);
    const truth = await TruthFolder.open(join(folder.path, 'masks'));
    expect(await messageOf(truth.read(image, table))).toBe(message);
  });
});

describe('a bad model folder', () => {
  const cases: readonly [name: string, files: Record<string, string | Uint8Array | null>, message: string][] =
    [
      [
        'no-config',
        { 'config.json': null },
        'no-config: there is no config.json in this model folder. Choose the folder that holds config.json, preprocessor_config.json and onnx/model.onnx',
      ],
      [
        'broken-config',
        { 'config.json': '{"id2label": ' },
        'broken-config/config.json: not valid JSON. Unexpected end of JSON input',
      ],
      [
        'no-labels',
        { 'config.json': '{"model_type": "segformer"}' },
        'no-labels/config.json: it has no id2label, so the classes have no names. Export the model again with id2label in its config',
      ],
      [
        'gaps',
        { 'config.json': '{"id2label": {"0": "Sky", "2": "Road"}}' },
        'gaps/config.json: id2label names 2 classes but none with id 1. Number the classes 0, 1, 2 and so on without gaps',
      ],
      [
        'bad-preprocessor',
        { 'preprocessor_config.json': '{"size": "large"}' },
        'bad-preprocessor/preprocessor_config.json: not what this file should hold. size: Invalid input',
      ],
      [
        'no-onnx',
        { 'onnx/model.onnx': null },
        'no-onnx: there is no onnx/model.onnx and no model.onnx in this model folder. Export the model to ONNX, for example with optimum or models/training',
      ],
      [
        'page',
        { 'onnx/model.onnx': '<!doctype html><html><body>Not found</body></html>' },
        'page/model.onnx: this is not an ONNX file. Export the model again; a download may have saved a web page or a pointer instead',
      ],
      [
        'cut',
        { 'onnx/model.onnx': tinyOnnx().subarray(0, -7) },
        'cut/model.onnx: the ONNX file ends too early: 3 bytes are missing. Copy or download it again',
      ],
    ];

  it.each(cases)('%s', async (name, files, message) => {
    await using folder = await temporaryFolder();
    expect(await messageOf(readModelFolder(await writeModelFolder(folder, name, files)))).toBe(message);
  });

  it('that is neither an id nor a folder', async () => {
    await using folder = await temporaryFolder();
    const catalog = await folder.write('catalog.json', JSON.stringify({ models: [] }));
    expect(await messageOf(resolveModel('teecher', catalog))).toBe(
      'teecher: neither a model of the catalogue nor a model folder. The catalogue is empty',
    );
  });
});

describe('an export that cannot be written', () => {
  const source = (imageFolder: string): ExportSource => ({
    projectName: 'street',
    imageFolder,
    classTable: createClassTable(['Sky', 'Road']),
    images: [{ id: 1, name: 'a.png' }],
    readMask: () =>
      Promise.resolve({ classMap: { width: 2, height: 1, ids: Uint8Array.from([0, 1]) }, origin: null }),
  });

  it.runIf(existsSync('/dev/full'))('because the disk is full', async () => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, 'out');
    // /dev/full answers every write as a full disk does.
    const writeFile = (_path: string, content: string | Uint8Array) => writeFileDurable('/dev/full', content);
    expect(await messageOf(runExport(source(folder.path), { folder: out, writeFile }))).toBe(
      `${out}: the disk is full. Nothing was exported; the masks are safe in the project. Free some space or choose a folder on another disk`,
    );
  });

  it('because the folder holds something else', async () => {
    await using folder = await temporaryFolder();
    await folder.write('out/thesis.tex', 'years of work');
    const out = join(folder.path, 'out');
    expect(await messageOf(runExport(source(folder.path), { folder: out }))).toBe(
      `${out}: the folder holds thesis.tex, which no export wrote. Choose a new or an empty folder, or one with nothing but an earlier export`,
    );
  });

  it('because a file is in its way', async () => {
    await using folder = await temporaryFolder();
    const out = await folder.write('out', 'a file');
    expect(await messageOf(runExport(source(folder.path), { folder: out }))).toBe(
      `${out}: a file, not a folder. Choose a new or an empty folder, or one with nothing but an earlier export`,
    );
  });

  it('because there is no mask yet', async () => {
    await using folder = await temporaryFolder();
    const empty = { ...source(folder.path), images: [] };
    expect(await messageOf(runExport(empty, { folder: join(folder.path, 'out') }))).toBe(
      'street: no image of this project has a mask yet. Start a mask from the teacher, the student or the ground truth first',
    );
  });
});
