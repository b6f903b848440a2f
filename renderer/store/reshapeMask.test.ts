import { expect, it, vi } from 'vitest';
import { classId } from '#core/labels/classTable.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import { reshapeMask } from './reshapeMask.ts';

const request = { kind: 'grow', amount: 1, id: 1, at: null } as const;

function raster(): MaskRaster {
  return new MaskRaster({
    ...{ width: 3, height: 1, ignoreId: classId(9) },
    ids: Uint8Array.from([9, 1, 9]),
  });
}

it('answers what would change, and leaves the mask as it is', async () => {
  const mask = raster();
  const { signal } = new AbortController();
  const answer = await reshapeMask(mask, request, { signal, tell: () => undefined });
  expect([...answer!.patch!.tiles[0]!.after]).toEqual([1, 1, 1]);
  expect([...mask.ids]).toEqual([9, 1, 9]);
});

it('tells nothing and answers null once it is stopped', async () => {
  vi.useFakeTimers();
  const abort = new AbortController();
  const tell = vi.fn();
  const answer = reshapeMask(raster(), request, { signal: abort.signal, tell });
  abort.abort();
  vi.advanceTimersByTime(1000);
  expect(tell).not.toHaveBeenCalled();
  expect(await answer).toBeNull();
  vi.useRealTimers();
});
