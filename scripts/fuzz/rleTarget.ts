import { createRegion, decodeRegion, encodeRegion } from '#core/disputes/region.ts';
import type { FuzzRandom } from '#core/fuzz/fuzzRandom.ts';
import { EDGE_NUMBERS, mutateBytes } from '#core/fuzz/mutateBytes.ts';
import { countsToString, eachRun, encodeCounts, stringToCounts } from '#core/formats/cocoRle.ts';
import { decodeBrush, encodeBrush } from '#core/formats/labelStudioRle.ts';
import { crc32 } from '#core/crc32.ts';
import { decodePatch, encodePatch, patchBetween } from '#core/mask/patch.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';

const WIDTH = 70;
const HEIGHT = 50;
const PIXELS = WIDTH * HEIGHT;
const PATCH_CRC_AT = 24;

function changeCounts(counts: number[], random: FuzzRandom): void {
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(counts.length);
    const kind = random.below(5);
    if (kind === 0) counts.splice(at, 1);
    else if (kind === 1) counts.splice(at, 0, random.pick(EDGE_NUMBERS));
    else if (kind === 2) counts[at] = random.pick([-1, 0.5, NaN, Infinity, ...EDGE_NUMBERS]);
    else if (kind === 3) {
      const more = random.below(5) - 2;
      counts[at] = counts[at]! + more;
      // Half of them fill the picture as before, so that every run is painted.
      const next = (at + 1) % counts.length;
      if (random.chance(50)) counts[next] = counts[next]! - more;
    } else counts.push(...counts.slice(at));
  }
}

/** Few changes, so that readers get far, or any number of them. */
function damage(bytes: Uint8Array, random: FuzzRandom): Uint8Array {
  if (random.chance(50)) return mutateBytes(bytes, random);
  const changed = Uint8Array.from(bytes);
  const at = random.below(changed.length);
  changed[at] = changed[at]! ^ (1 << random.below(8));
  return changed;
}

/** An edit whose checksum is right, so that what lies behind it is read, too. */
function resign(patch: Uint8Array): Uint8Array {
  if (patch.length < PATCH_CRC_AT + 4) return patch;
  const signed = new Uint8Array(patch.length - 4);
  signed.set(patch.subarray(0, PATCH_CRC_AT));
  signed.set(patch.subarray(PATCH_CRC_AT + 4), PATCH_CRC_AT);
  new DataView(patch.buffer, patch.byteOffset).setUint32(PATCH_CRC_AT, crc32(signed), true);
  return patch;
}

/** COCO's counts and strings, Label Studio's bit streams, edits and regions of the project file. */
export function rleTarget(): FuzzTarget {
  const ids = Uint8Array.from({ length: PIXELS }, (_, at) => ((at % WIDTH) * at) % 5);
  const before = { width: WIDTH, height: HEIGHT, ids };
  const after = { ...before, ids: ids.map((id, at) => (at % 13 === 0 ? 2 : id)) };
  const counts = encodeCounts(before, 1);
  const size = { width: WIDTH, height: HEIGHT, subject: 'fuzzed' };
  const text = countsToString(counts);
  const brush = encodeBrush(PIXELS, (pixel) => ids[pixel] === 1);
  const patch = encodePatch(patchBetween(before, after)!);
  const region = encodeRegion(createRegion(Int32Array.of(3, 4, 9, 4, 4, 12, 9, 1, 2)));
  return {
    async run(random) {
      const attempts = new Attempts();
      const within = (pixel: number) => {
        if (!(pixel >= 0 && pixel < PIXELS)) throw new Error(`pixel ${pixel} of ${PIXELS} was painted`);
      };
      switch (random.below(5)) {
        case 0: {
          const changed = [...counts];
          changeCounts(changed, random);
          await attempts.read(() => eachRun(changed, size, (x, _, end) => within((end - 1) * WIDTH + x)));
          break;
        }
        case 1: {
          const changed = [...counts];
          changeCounts(changed, random);
          const right = random.chance(50) ? text : countsToString(changed);
          const letters = Uint8Array.from(right, (letter) => letter.charCodeAt(0));
          const damaged = right === text ? String.fromCharCode(...damage(letters, random)) : right;
          await attempts.read(() =>
            eachRun(stringToCounts(damaged, 'fuzzed'), size, (x, _, end) => within((end - 1) * WIDTH + x)),
          );
          break;
        }
        case 2:
          await attempts.read(() => decodeBrush(damage(brush, random), PIXELS, 'fuzzed', within));
          break;
        case 3: {
          const bytes = damage(patch, random);
          const changed = random.chance(70) ? resign(bytes) : bytes;
          await attempts.read(() => decodePatch(changed));
          break;
        }
        default:
          await attempts.read(() => decodeRegion(damage(region, random)));
      }
      return attempts.accepted;
    },
  };
}
