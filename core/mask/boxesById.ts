export interface IdBox {
  readonly pixels: number;
  /** x, y, width and height of the smallest rectangle around them. */
  readonly box: [x: number, y: number, width: number, height: number];
}

/** Where each number of a raster is, in the order of the numbers. `ids`: width * height of them, row by row. */
export function boxesById({
  width,
  height,
  ids,
}: {
  readonly width: number;
  readonly height: number;
  readonly ids: ArrayLike<number>;
}): Map<number, IdBox> {
  const found = new Map<number, { pixels: number; x0: number; y0: number; x1: number; y1: number }>();
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const id = ids[at]!;
      const area = found.get(id);
      if (!area) found.set(id, { pixels: 1, x0: x, y0: y, x1: x, y1: y });
      else {
        area.pixels++;
        if (x < area.x0) area.x0 = x;
        if (x > area.x1) area.x1 = x;
        area.y1 = y;
      }
    }
  }
  return new Map(
    [...found]
      .sort((a, b) => a[0] - b[0])
      .map(([id, { pixels, x0, y0, x1, y1 }]) => [id, { pixels, box: [x0, y0, x1 - x0 + 1, y1 - y0 + 1] }]),
  );
}
