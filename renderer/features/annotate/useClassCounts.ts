import { useEffect, useState } from 'react';
import type { MaskRaster } from '#core/mask/maskRaster.ts';
import { onMaskDirty } from '../../store/useMask.ts';

/** Counting waits for a pause of the hand. */
const PAUSE_MS = 200;
/** Pixels counted before the window gets its turn again. */
const AT_ONCE = 1 << 21;

/** Pixels of each class id in the open mask, a moment after it last changed; null before the first count. */
export function useClassCounts(raster: MaskRaster | null): ReadonlyMap<number, number> | null {
  const [counted, setCounted] = useState<{ raster: MaskRaster; counts: Map<number, number> } | null>(null);
  useEffect(() => {
    if (!raster) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const count = (from: number, sums: Uint32Array): void => {
      const end = Math.min(raster.ids.length, from + AT_ONCE);
      for (let index = from; index < end; index++) {
        const id = raster.ids[index]!;
        sums[id] = sums[id]! + 1;
      }
      if (end < raster.ids.length) {
        timer = setTimeout(() => count(end, sums), 0);
        return;
      }
      const counts = new Map<number, number>();
      sums.forEach((sum, id) => {
        if (sum > 0) counts.set(id, sum);
      });
      setCounted({ raster, counts });
    };
    const start = (delay: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => count(0, new Uint32Array(65536)), delay);
    };
    start(0);
    const stop = onMaskDirty(() => start(PAUSE_MS));
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [raster]);
  return counted?.raster === raster ? counted.counts : null;
}
