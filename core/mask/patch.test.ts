import { expect, test } from 'vitest';
import {
  applyPatch,
  decodePatch,
  encodePatch,
  patchBetween,
  patchRect,
  tilesOfEncoded,
  type MaskPatch,
} from './patch.ts';
import { seededRandom } from './seededRandom.ts';

const pixel = (width: number, height: number, ids: number[]) => ({ width, height, ids: new Uint8Array(ids) });

/** A valid patch whose bytes from `at` are replaced, with the checksum left as it was. */
function damaged(at: number, ...values: number[]): Uint8Array {
  const bytes = encodePatch(patchBetween(pixel(2, 1, [0, 0]), pixel(2, 1, [0, 1]))!).slice();
  bytes.set(values, at);
  return bytes;
}

test('the patch between two masks takes one to the other and back', () => {
  const before = pixel(2, 2, [1, 2, 3, 4]);
  const after = pixel(2, 2, [1, 9, 3, 8]);
  const patch = patchBetween(before, after)!;
  expect(patch.tiles).toEqual([{ x: 0, y: 0, width: 2, height: 2, before: before.ids, after: after.ids }]);
  expect(patchRect(patch)).toEqual({ x: 0, y: 0, width: 2, height: 2 });
  const ids = before.ids.slice();
  applyPatch(ids, 2, patch, 'redo');
  expect(ids).toEqual(after.ids);
  applyPatch(ids, 2, patch, 'undo');
  expect(ids).toEqual(before.ids);
  expect(patchBetween(before, before)).toBeNull();
});

test('what is encoded says how many tiles it has without being decoded', () => {
  const wide = pixel(129, 1, Array<number>(129).fill(0));
  const ids = wide.ids.slice();
  ids[0] = ids[128] = 1;
  expect(tilesOfEncoded(encodePatch(patchBetween(wide, { ...wide, ids })!))).toBe(2);
  expect(tilesOfEncoded(new Uint8Array(5))).toBe(0);
});

test('a patch of another size or depth is refused and changes nothing', () => {
  const patch = patchBetween(pixel(2, 1, [0, 0]), pixel(2, 1, [0, 1]))!;
  const ids = new Uint8Array(2);
  expect(() => applyPatch(ids, 1, patch, 'redo')).toThrow(
    'an edit of a 2 x 1 mask does not fit a 1 x 2 mask',
  );
  expect(() => applyPatch(ids, 2, { ...patch, bytesPerId: 2 }, 'redo')).toThrow(
    'an edit with two bytes per class id does not fit a mask with one',
  );
  expect([...ids]).toEqual([0, 0]);
  expect(() => patchBetween(pixel(2, 1, [0, 0]), pixel(1, 1, [0]))).toThrow(
    'a 2 x 1 mask cannot become a 1 x 1 one',
  );
});

test('what is encoded is decoded, whatever the content', () => {
  const random = seededRandom(7);
  for (let round = 0; round < 30; round++) {
    const width = 1 + Math.floor(random() * 130);
    const height = 1 + Math.floor(random() * 70);
    const wide = round % 2 === 1;
    // From noise, which runs cannot shorten, to large areas.
    const change = [1, 0.3, 0.02][round % 3]!;
    const create = () => {
      const ids = wide ? new Uint16Array(width * height) : new Uint8Array(width * height);
      let id = 0;
      for (let n = 0; n < ids.length; n++) {
        if (random() < change) id = Math.floor(random() * (wide ? 65536 : 256));
        ids[n] = id;
      }
      return { width, height, ids };
    };
    const patch = patchBetween(create(), create());
    if (patch) expect(decodePatch(encodePatch(patch))).toEqual(patch);
  }
});

test('a step over a whole large picture of areas is small', () => {
  const width = 2048;
  const before = { width, height: width, ids: new Uint8Array(width * width).fill(255) };
  const after = { width, height: width, ids: before.ids.map((_, n) => Math.floor(n / width / 200)) };
  expect(encodePatch(patchBetween(before, after)!).length).toBeLessThan(20_000);
});

test('any byte that is changed or missing is noticed', () => {
  const random = seededRandom(3);
  const before = { width: 70, height: 70, ids: Uint8Array.from({ length: 4900 }, () => random() * 3) };
  const after = { ...before, ids: before.ids.map((id) => id + 1) };
  const bytes = encodePatch(patchBetween(before, after)!);
  for (let n = 0; n < bytes.length; n++) {
    const copy = bytes.slice();
    copy[n]! ^= 1 + Math.floor(random() * 255);
    expect(() => decodePatch(copy)).toThrow(/^the (stored edit is damaged|edit was made by a newer version)/);
    expect(() => decodePatch(bytes.subarray(0, n))).toThrow('the stored edit is damaged');
  }
});

test.each([
  ['nothing', new Uint8Array(0), "the stored edit is damaged. 0 bytes are fewer than its header's 28"],
  ['other bytes', new Uint8Array(40), 'the stored edit is damaged. it does not begin with DSMP'],
  ['a flipped bit', damaged(8, 3), 'the stored edit is damaged. its checksum does not match'],
  [
    'a newer version',
    damaged(4, 9),
    'the edit was made by a newer version (format 9, this one reads up to 1). Update DynaSeg Studio',
  ],
])('%s: its message', (_name, bytes, message) => {
  expect(() => decodePatch(bytes)).toThrow(expect.objectContaining({ message }));
});

test('a patch that was encoded from nonsense is refused, with a right checksum too', () => {
  const tile = {
    x: 0,
    y: 0,
    width: 20,
    height: 1,
    before: new Uint8Array(20),
    after: new Uint8Array(20).fill(1),
  };
  const patch: MaskPatch = { width: 20, height: 1, bytesPerId: 1, tiles: [tile] };
  const encode = (change: Partial<MaskPatch>) => encodePatch({ ...patch, ...change });
  expect(() => decodePatch(encode({ width: 0 }))).toThrow('its header makes no sense');
  expect(() => decodePatch(encode({ tiles: [tile, tile] }))).toThrow('its lengths make no sense');
  expect(() => decodePatch(encode({ width: 128, tiles: [tile, tile] }))).toThrow(
    'the stored edit is damaged',
  );
  expect(() => decodePatch(encode({ tiles: [{ ...tile, before: new Uint8Array(10) }] }))).toThrow(
    'its runs are shorter than their tile',
  );
  expect(() => decodePatch(encode({ tiles: [{ ...tile, after: new Uint8Array(30) }] }))).toThrow(
    'its runs are longer than their tile',
  );
});
