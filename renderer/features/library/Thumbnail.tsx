import { useEffect, useRef } from 'react';
import { THUMB_HEIGHT, THUMB_WIDTH, thumbnail } from './thumbnails.ts';

/** A picture that fills its frame; what does not fit is cut off evenly. */
export function Thumbnail({ url }: { readonly url: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const abort = new AbortController();
    thumbnail(url, abort.signal).then(
      (bitmap) => {
        if (!abort.signal.aborted && canvas.current) draw(canvas.current, bitmap);
      },
      () => undefined,
    );
    return () => abort.abort(new Error('out of sight'));
  }, [url]);
  return <canvas ref={canvas} className="thumbnail" style={{ width: THUMB_WIDTH, height: THUMB_HEIGHT }} />;
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  const ratio = Math.min(2, globalThis.devicePixelRatio);
  canvas.width = Math.round(THUMB_WIDTH * ratio);
  canvas.height = Math.round(THUMB_HEIGHT * ratio);
  const scale = Math.max(canvas.width / bitmap.width, canvas.height / bitmap.height);
  const width = bitmap.width * scale;
  const height = bitmap.height * scale;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingQuality = 'medium';
  context.drawImage(bitmap, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
}
