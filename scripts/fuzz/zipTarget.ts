import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recogniseFormat } from '#core/formats/formatRegistry.ts';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { memoryFiles } from '#core/formats/testing/memoryFolder.ts';
import { hostileZip } from '#core/fuzz/hostileZip.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { openMasks } from '../../main/node/formatFolder.ts';
import { readModelFolder } from '../../main/node/modelFolder.ts';
import { ProjectStore } from '../../main/node/projectStore.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';

/** The studio unpacks no archive: one is refused wherever a file is read, and nothing of it appears anywhere. */
export function zipTarget(): FuzzTarget {
  return {
    async run(random, folder) {
      const bytes = hostileZip(random);
      const attempts = new Attempts();
      const place = join(folder, 'zips');
      await mkdir(place, { recursive: true });
      const names = ['masks.zip', 'model.onnx', 'project.dynaseg', 'masks.png', 'annotations.json'];
      for (const name of names) await writeFile(join(place, name), bytes);
      await attempts.read(() => decodeImageFile(bytes, 'fuzzed'));
      await attempts.read(() => decodeMaskPng(bytes, 'fuzzed'));
      await attempts.read(() => readOnnx(bytes, 'fuzzed.onnx'));
      await attempts.read(() => readModelFolder(join(place, 'model.onnx')));
      await attempts.read(() => ProjectStore.open(join(place, 'project.dynaseg')).close());
      for (const name of ['masks.zip', 'annotations.json']) {
        await attempts.read(() => openMasks(join(place, name)));
        await attempts.read(() => recogniseFormat(memoryFiles({ [name]: bytes }), 'fuzzed'));
      }
      await rm(place, { recursive: true });
      return attempts.accepted;
    },
  };
}
