import { useEffect, useState } from 'react';
import { onMaskDirty, useMask } from '../store/useMask.ts';
import { useView } from '../store/useView.ts';

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Nobody reads faster, and a frame of a stroke is the stroke's. */
const WHILE_PAINTING_MS = 120;

const pixelNow = (): Pixel | null => {
  const { cursor } = useView.getState();
  return cursor && { x: Math.floor(cursor.x), y: Math.floor(cursor.y) };
};

/**
 * The pixel of the picture that the pointer is over, null outside; a new object whenever what is said of it may have
 * changed. In the middle of a stroke it follows a few times a second.
 */
export function usePixelUnderCursor(): Pixel | null {
  const [pixel, setPixel] = useState(pixelNow);
  useEffect(() => {
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      timer = undefined;
      last = performance.now();
      setPixel(pixelNow());
    };
    const change = (): void => {
      if (timer !== undefined) return;
      const painting = useMask.getState().raster?.inStep === true;
      const wait = painting ? last + WHILE_PAINTING_MS - performance.now() : 0;
      if (wait <= 0) read();
      else timer = setTimeout(read, wait);
    };
    const stops = [
      onMaskDirty(change),
      useView.subscribe((now, before) => {
        if (now.cursor !== before.cursor) change();
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, []);
  return pixel;
}
