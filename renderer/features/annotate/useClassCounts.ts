import { useEffect, useState } from 'react';
import type { PixelRect } from '#core/geometry.ts';
import type { MaskRaster } from '#core/mask/maskRaster.ts';
import { onMaskDirty } from '../../store/useMask.ts';

/** Counting waits for a pause of the hand. */
const PAUSE_MS = 200;
/** Rows that are counted together: after a stroke only those that it touched are counted again. */
const BAND_ROWS = 64;
/** Pixels counted before the window gets its turn again. */
const AT_ONCE = 1 << 21;

/** Pixels of each class id in the open mask, a moment after it last changed; null before the first count. */
export function useClassCounts(raster: MaskRaster | null): ReadonlyMap<number, number> | null {
  const [counted, setCounted] = useState<{ raster: MaskRaster; counts: Map<number, number> } | null>(null);
  useEffect(() => {
    if (!raster) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const bands: ReadonlyMap<number, number>[] = [];
    const stale = new Set(Array.from({ length: Math.ceil(raster.height / BAND_ROWS) }, (_, band) => band));
    const count = (): void => {
      let pixels = 0;
      for (const band of stale) {
        if (pixels >= AT_ONCE) {
          timer = setTimeout(count, 0);
          return;
        }
        bands[band] = countRows(raster, band * BAND_ROWS, (band + 1) * BAND_ROWS);
        stale.delete(band);
        pixels += BAND_ROWS * raster.width;
      }
      const counts = new Map<number, number>();
      for (const band of bands) {
        for (const [id, sum] of band) counts.set(id, (counts.get(id) ?? 0) + sum);
      }
      setCounted({ raster, counts });
    };
    const start = (delay: number): void => {
      clearTimeout(timer);
      timer = setTimeout(count, delay);
    };
    const change = ({ y, height }: PixelRect): void => {
      for (let row = y; row < y + height; row += BAND_ROWS) stale.add(Math.floor(row / BAND_ROWS));
      stale.add(Math.floor((y + height - 1) / BAND_ROWS));
      start(PAUSE_MS);
    };
    start(0);
    const stop = onMaskDirty(change);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [raster]);
  return counted?.raster === raster ? counted.counts : null;
}

function countRows({ ids, width, height }: MaskRaster, from: number, to: number): Map<number, number> {
  const counts = new Map<number, number>();
  const end = Math.min(height, to) * width;
  for (let n = from * width; n < end;) {
    const id = ids[n]!;
    const start = n++;
    while (n < end && ids[n] === id) n++;
    counts.set(id, (counts.get(id) ?? 0) + n - start);
  }
  return counts;
}
