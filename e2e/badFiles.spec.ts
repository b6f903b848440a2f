import { expect, test, type Page } from '@playwright/test';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMaskPng, encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { classPalette } from '#core/labels/classPalette.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { SCENE_CLASS_NAMES } from '#core/scenes/classes.ts';
import { greyPngBytes, jpegBytes, pngBytes, pngHeaderBytes } from '../main/node/testing/imageBytes.ts';
import { exportMasks } from './exportMasks.ts';
import { PaintedMask } from './paintedMask.ts';
import { sampleScene, withOrientation } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, type RunningStudio } from './studio.ts';

const CAR = 8;
const ROAD = 3;

let scratch: string;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-bad-'));
});

test.afterEach(async () => {
  await studio?.close().catch(() => undefined);
  studio = null;
  await removeScratch(scratch);
});

/** What the studio says of a file, and whether it can be opened all the same. */
interface BadFile {
  readonly name: string;
  readonly bytes: Uint8Array | 'folder';
  readonly mask?: Uint8Array;
  /** Of the problem that is shown in place. */
  readonly code: string;
  readonly message: string;
  readonly opens: boolean;
}

async function badFiles(): Promise<BadFile[]> {
  const { image } = await sampleScene(1);
  const cut = image.subarray(0, 40_000);
  const unknown = new Uint8Array(64 * 48).fill(ROAD);
  unknown[5] = 37;
  return [
    {
      name: 'cmyk.jpg',
      bytes: jpegBytes({ width: 30, height: 20, components: 4 }),
      code: 'image.cmyk',
      message: 'cmyk.jpg: CMYK JPEG for print, not RGB',
      opens: false,
    },
    {
      name: 'cut.jpg',
      bytes: cut,
      code: 'image.truncated',
      message: `cut.jpg: truncated JPEG: the file ends after ${cut.length} bytes, before its picture does`,
      opens: false,
    },
    {
      name: 'deep.png',
      bytes: pngBytes(64, 48, 16),
      code: 'image.sixteenBit',
      message: 'deep.png: 16 bits per channel, reduced to 8',
      opens: true,
    },
    {
      name: 'folder.jpg',
      bytes: 'folder',
      code: 'image.notAFile',
      message: 'folder.jpg: a folder, not an image file',
      opens: false,
    },
    {
      name: 'huge.png',
      bytes: pngHeaderBytes(30_000, 30_000),
      code: 'image.tooLarge',
      message: 'huge.png: 30000 x 30000 pixels (900 megapixels) is more than the limit of 268 megapixels',
      opens: false,
    },
    {
      name: 'mask-of-another-size.jpg',
      bytes: image,
      mask: greyPngBytes(3, 1, [0, 1, 1]),
      code: 'mask.size',
      message: 'mask mask-of-another-size.png: 3 x 1 pixels, its image has 960 x 720',
      opens: true,
    },
    {
      name: 'mask-with-unknown-value.png',
      bytes: pngBytes(64, 48),
      mask: greyPngBytes(64, 48, [...unknown]),
      code: 'mask.unknownValue',
      message: 'mask mask-with-unknown-value.png: value 37 is not one of the 11 classes',
      opens: true,
    },
    {
      name: 'text.jpg',
      bytes: Buffer.from('hello'),
      code: 'image.notAnImage',
      message: 'text.jpg: not an image: it starts with the bytes 68 65 6c 6c',
      opens: false,
    },
    {
      name: 'turned.jpg',
      bytes: withOrientation(image, 6),
      code: 'image.rotated',
      message: 'turned.jpg: shown upright, turned by 90 degrees clockwise (EXIF orientation 6)',
      opens: true,
    },
  ];
}

async function open(): Promise<Page> {
  studio = await launchStudio({ folder: scratch, userData: join(scratch, 'user') });
  return studio.page;
}

const item = (page: Page, name: string) => page.locator(`[data-name="${name}"]`);

test('each bad file is named with its reason, and the rest of the folder goes on', async () => {
  test.setTimeout(300_000);
  const files = await badFiles();
  await mkdir(join(scratch, 'images', 'folder.jpg'), { recursive: true });
  await mkdir(join(scratch, 'masks'));
  const write = async (name: string, bytes: Uint8Array, mask?: Uint8Array) => {
    await writeFile(join(scratch, 'images', name), bytes);
    if (mask) await writeFile(join(scratch, 'masks', `${name.replace(/\.\w+$/, '')}.png`), mask);
  };
  for (const { name, bytes, mask } of files) if (bytes !== 'folder') await write(name, bytes, mask);
  const scene = await sampleScene(2);
  await write('good.jpg', scene.image, scene.mask);
  const classes = { classes: SCENE_CLASS_NAMES, void: 11 };
  await writeFile(join(scratch, 'classes.json'), JSON.stringify(classes));

  let page = await open();
  await expect(page.locator('[data-name]')).toHaveCount(files.length + 1);
  for (const { name, code, message, opens } of files) {
    await item(page, name).click();
    await expect(page.getByTestId(`problem-${code}`).first()).toContainText(message);
    if (opens) await expect(page.getByTestId('footer-teacher')).toContainText('ms', { timeout: 60_000 });
  }

  // The good one is compared, painted, and survives a kill in mid-stroke.
  await item(page, 'good.jpg').click();
  await expect(page.getByTestId('footer-student')).toContainText('ms', { timeout: 60_000 });
  await expect(page.getByTestId('figures-image').getByTestId('miou-teacher')).toContainText(/[0-9]+[.][0-9]/);
  await page.keyboard.press('Alt+2');
  await page.getByTestId('start-truth').click();
  await expect(page.getByTestId('history-position')).toHaveText('1 of 1');
  const painted = new PaintedMask(page, decodeTruth(scene.mask));
  const path = [
    [100, 100],
    [300, 250],
  ] as const;
  await painted.stroke(path, { size: 30, shape: 'round', id: CAR });
  await expect(page.getByTestId('save-state')).toHaveText('saved');
  await painted.beginStroke(path, { size: 90, shape: 'round', id: ROAD });
  await studio!.kill();

  page = await open();
  await item(page, 'good.jpg').click();
  await page.keyboard.press('Alt+2');
  await expect(page.getByTestId('history-position')).toHaveText('2 of 2');
  await exportMasks(studio!, join(scratch, 'exported'));
  const palette = classPalette(createClassTable([...SCENE_CLASS_NAMES]));
  const expected = Buffer.from(encodeIndexedPng(painted.raster, { palette, maxId: 255 }));
  expect(await readFile(join(scratch, 'exported', 'masks', 'good.png'))).toEqual(expected);
});

/** The samples' void on disk is 11; in a mask that is edited it is the ignore index. */
function decodeTruth(png: Uint8Array) {
  const mask = decodeMaskPng(png, 'truth');
  return { ...mask, ids: mask.ids.map((id) => (id === SCENE_CLASS_NAMES.length ? 255 : id)) };
}
