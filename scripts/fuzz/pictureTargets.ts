import { readFileSync } from 'node:fs';
import { mutateBytes } from '#core/fuzz/mutateBytes.ts';
import { mutatePng } from '#core/fuzz/mutatePng.ts';
import { decodeMaskPng, encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { encodeGreyPng, encodeRgbPng } from '#core/formats/png.ts';
import { readRgbValues } from '#core/formats/readPngMask.ts';
import { probeImage } from '#core/imaging/probeImage.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { inRepository } from '../repository.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(inRepository('main', 'node', 'fixtures', name)));

function pngSeeds(): Uint8Array[] {
  const ids = Uint8Array.from({ length: 40 * 30 }, (_, pixel) => (pixel * 7) % 11);
  const palette = (id: number): [number, number, number] => [id, 255 - id, (id * 7) % 256];
  const wide = Uint16Array.from(ids, (id) => id * 300);
  const rgb = Uint8Array.from({ length: ids.length * 3 }, (_, at) => (at * 5) % 256);
  return [
    encodeIndexedPng({ width: 40, height: 30, ids }, { palette, maxId: 10 }),
    encodeIndexedPng({ width: 40, height: 30, ids }, { palette, maxId: 255 }),
    encodeGreyPng(40, 30, wide, 16),
    encodeRgbPng(40, 30, rgb),
    fixture('flag.png'),
    fixture('palette.png'),
    fixture('sixteenBit.png'),
  ];
}

function lookAt(bytes: Uint8Array): { attempts: Attempts; picture: Promise<void> } {
  const attempts = new Attempts();
  return {
    attempts,
    picture: attempts
      .read(() => probeImage(bytes, { subject: 'fuzzed' }))
      .then(() => attempts.read(() => decodeImageFile(bytes, 'fuzzed'))),
  };
}

/** As a picture, as a mask of numbers and as a mask of colours. */
export function pngTarget(): FuzzTarget {
  const seeds = pngSeeds();
  return {
    async run(random) {
      const bytes = mutatePng(random.pick(seeds), random);
      const { attempts, picture } = lookAt(bytes);
      await picture;
      await attempts.read(() => decodeMaskPng(bytes, 'fuzzed'));
      // Its readers ask first whether it is a PNG.
      if (bytes[0] === 0x89) await attempts.read(() => readRgbValues(bytes, 'fuzzed'));
      return attempts.accepted;
    },
  };
}

export function pictureTarget(): FuzzTarget {
  const names = [
    'flag.jpg',
    'progressive.jpg',
    'rotated.jpg',
    'cmyk.jpg',
    'flag.webp',
    'rotated.webp',
    'flag.bmp',
  ];
  const seeds = names.map(fixture);
  return {
    async run(random) {
      const { attempts, picture } = lookAt(mutateBytes(random.pick(seeds), random));
      await picture;
      return attempts.accepted;
    },
  };
}
