import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { SCENE_CLASS_NAMES } from '#core/scenes/classes.ts';
import { renderScene } from '#core/scenes/renderScene.ts';
import { decodeJpeg } from '../../main/node/wasmCodecs.ts';
import { writeScenes } from './scenes.ts';

const samples = join(import.meta.dirname, '../../samples');
const FIRST_SAMPLE_SEED = 117;

let folder = '';
afterEach(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
  folder = '';
});

/** Rendering at full size takes its time on a machine that is busy with other tests. */
const PATIENCE = { timeout: 120_000 };

describe('writeScenes', PATIENCE, () => {
  it('writes images, masks and classes.json that read back as what was rendered', async () => {
    folder = await mkdtemp(join(tmpdir(), 'scenes-'));
    const names: string[] = [];
    await writeScenes({
      out: folder,
      count: 2,
      seed: 40,
      width: 64,
      height: 48,
      format: 'jpg',
      onProgress: (done, total, name) => names.push(`${done}/${total} ${name}`),
    });
    expect(names).toEqual(['1/2 scene_00001', '2/2 scene_00002']);
    expect(await readdir(join(folder, 'images'))).toEqual(['scene_00001.jpg', 'scene_00002.jpg']);
    expect(await readdir(join(folder, 'masks'))).toEqual(['scene_00001.png', 'scene_00002.png']);
    expect(JSON.parse(await readFile(join(folder, 'classes.json'), 'utf8'))).toEqual({
      classes: [...SCENE_CLASS_NAMES],
      void: 11,
    });

    const { image, classMap } = renderScene({ seed: 41, width: 64, height: 48 });
    const mask = decodeMaskPng(await readFile(join(folder, 'masks/scene_00002.png')), 'mask');
    expect([...mask.ids]).toEqual([...classMap.ids]);
    const picture = await decodeJpeg(await readFile(join(folder, 'images/scene_00002.jpg')), 'image');
    let difference = 0;
    picture.data.forEach((value, i) => (difference += Math.abs(value - image.data[i]!)));
    // JPEG changes a value by a few steps, another scene by dozens.
    expect(difference / image.data.length).toBeLessThan(6);
  });

  it('refuses a count below 1', async () => {
    await expect(
      writeScenes({ out: 'nowhere', count: 0, seed: 1, width: 64, height: 48, format: 'png' }),
    ).rejects.toThrow('0 scenes cannot be written. The count is a whole number from 1');
  });
});

describe('samples', PATIENCE, () => {
  it('are what the generator renders', async () => {
    const mask = decodeMaskPng(await readFile(join(samples, 'masks/scene_00003.png')), 'scene_00003.png');
    const { classMap } = renderScene({ seed: FIRST_SAMPLE_SEED + 2, width: 960, height: 720 });
    expect(mask).toMatchObject({ width: 960, height: 720 });
    expect(Buffer.from(mask.ids.buffer).equals(Buffer.from(classMap.ids.buffer))).toBe(true);
  });
});
