import type { Face } from './stage.ts';

/** No face here: the ground or the sky. */
export const NOTHING = 0xffff;

/** Which face is front-most at each sample of a band of picture rows. */
export interface VisibilityBand {
  readonly columns: number;
  readonly rows: number;
  /** Samples per pixel edge; sample i of a row stands at (i + 0.5) / perPixel. */
  readonly perPixel: number;
  /** First picture row of the band. */
  readonly firstRow: number;
  /** Index into the list of faces, or NOTHING. */
  readonly faceIndex: Uint16Array;
  /** 1 / depth of it, 0 where nothing is. */
  readonly nearness: Float32Array;
}

export function createBand(
  width: number,
  pixelRows: number,
  perPixel: number,
  firstRow: number,
): VisibilityBand {
  const columns = width * perPixel;
  const rows = pixelRows * perPixel;
  return {
    columns,
    rows,
    perPixel,
    firstRow,
    faceIndex: new Uint16Array(columns * rows).fill(NOTHING),
    nearness: new Float32Array(columns * rows),
  };
}

/** Draws all faces into the band: even-odd polygons, nearest wins, of equals the later one. */
export function drawFaces(band: VisibilityBand, faces: readonly Face[]): void {
  const bandTop = band.firstRow;
  const bandBottom = band.firstRow + band.rows / band.perPixel;
  faces.forEach((face, index) => {
    if (face.bottom > bandTop && face.top < bandBottom) drawFace(band, face, index);
  });
}

const crossings = new Float64Array(128);

function drawFace(band: VisibilityBand, face: Face, index: number): void {
  const { columns, perPixel, faceIndex, nearness } = band;
  const { outline, cover, frame } = face;
  const { inverseDepth: near, uRay, vRay } = frame;
  const corners = outline.length / 2;
  const first = Math.max(0, Math.ceil((face.top - band.firstRow) * perPixel - 0.5));
  const last = Math.min(band.rows - 1, Math.ceil((face.bottom - band.firstRow) * perPixel - 0.5) - 1);
  const step = 1 / perPixel;
  for (let row = first; row <= last; row++) {
    const py = band.firstRow + (row + 0.5) * step;
    let count = 0;
    let ax = outline[2 * corners - 2]!;
    let ay = outline[2 * corners - 1]!;
    for (let i = 0; i < corners; i++) {
      const bx = outline[2 * i]!;
      const by = outline[2 * i + 1]!;
      if (ay <= py !== by <= py && count < 128) {
        const x = ax + ((py - ay) / (by - ay)) * (bx - ax);
        let at = count++;
        while (at > 0 && crossings[at - 1]! > x) {
          crossings[at] = crossings[at - 1]!;
          at--;
        }
        crossings[at] = x;
      }
      ax = bx;
      ay = by;
    }
    for (let pair = 0; pair + 1 < count; pair += 2) {
      const from = Math.max(0, Math.ceil(crossings[pair]! * perPixel - 0.5));
      const to = Math.min(columns, Math.ceil(crossings[pair + 1]! * perPixel - 0.5));
      for (let column = from; column < to; column++) {
        const px = (column + 0.5) * step;
        const nearnessHere = near.x * px + near.y * py + near.c;
        const at = row * columns + column;
        // Compared as stored, in 32 bits, so that a decal on its own wall meets the very same number.
        if (Math.fround(nearnessHere) < nearness[at]! || nearnessHere <= 0) continue;
        if (cover !== undefined) {
          const depth = 1 / nearnessHere;
          const u = frame.uCamera + depth * (uRay.x * px + uRay.y * py + uRay.c);
          const v = frame.vCamera + depth * (vRay.x * px + vRay.y * py + vRay.c);
          if (!cover(u, v)) continue;
        }
        nearness[at] = nearnessHere;
        faceIndex[at] = index;
      }
    }
  }
}
