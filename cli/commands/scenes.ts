import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { writeClassesJson } from '#core/formats/classesJson.ts';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { classPalette } from '#core/labels/classPalette.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { ProblemError } from '#core/problem.ts';
import { SCENE_CLASS_NAMES, SCENE_VOID_ON_DISK } from '#core/scenes/classes.ts';
import { renderScene } from '#core/scenes/renderScene.ts';
import { encodeJpeg } from '../scenes/encodeJpeg.ts';

export interface WriteScenesOptions {
  /** Folder to write into; made where it is missing, files of the same name are replaced. */
  readonly out: string;
  readonly count: number;
  /** Seed of the first scene; the next has the next. */
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly format: 'jpg' | 'png';
  readonly onProgress?: (done: number, total: number, name: string) => void;
}

const JPEG_QUALITY = 90;

/**
 * `dynaseg scenes`: renders street scenes into `images/scene_00001.jpg`, their exact masks into
 * `masks/scene_00001.png` (palette PNG, index = class id) and the names of the classes into `classes.json`.
 * @throws ProblemError scenes.count, scenes.size, scenes.seed
 */
export async function writeScenes(options: WriteScenesOptions): Promise<void> {
  const { out, count, seed, width, height, format } = options;
  if (!Number.isInteger(count) || count < 1) {
    throw new ProblemError({
      code: 'scenes.count',
      title: `${count} scenes cannot be written`,
      hint: 'The count is a whole number from 1',
    });
  }
  const classTable = createClassTable([...SCENE_CLASS_NAMES]);
  const palette = classPalette(classTable);
  const images = join(out, 'images');
  const masks = join(out, 'masks');
  await mkdir(images, { recursive: true });
  await mkdir(masks, { recursive: true });
  await writeFile(join(out, 'classes.json'), writeClassesJson({ classTable, voidId: SCENE_VOID_ON_DISK }));
  for (let i = 0; i < count; i++) {
    const name = `scene_${String(i + 1).padStart(5, '0')}`;
    const { image, classMap } = renderScene({ seed: seed + i, width, height });
    const picture = format === 'jpg' ? await encodeJpeg(image, JPEG_QUALITY) : encodeRgbPng(image);
    await writeFile(join(images, `${name}.${format}`), picture);
    await writeFile(join(masks, `${name}.png`), encodeIndexedPng(classMap, { palette }));
    options.onProgress?.(i + 1, count, name);
  }
}

function encodeRgbPng({ width, height, data }: RgbaImage): Uint8Array {
  const opaque = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    opaque[to++] = data[from]!;
    opaque[to++] = data[from + 1]!;
    opaque[to++] = data[from + 2]!;
  }
  return encode({ width, height, data: opaque, channels: 3, depth: 8 });
}
