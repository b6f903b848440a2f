import type { Region } from '../disputes/region.ts';
import type { PixelRect } from '../geometry.ts';
import { classId, type ClassId } from '../labels/classTable.ts';
import { connectedComponents } from './components.ts';
import type { MaskRaster } from './maskRaster.ts';

export type MorphologyKind = 'fillHoles' | 'removeSpecks' | 'grow' | 'shrink' | 'smooth';

export interface Morphology {
  readonly kind: MorphologyKind;
  /**
   * `grow`, `shrink`, `smooth`: radius of a disc, pixels, 1 and up. `fillHoles`: the largest hole that is
   * filled, pixels, 0 for any. `removeSpecks`: what has fewer pixels goes.
   */
  readonly amount: number;
  /** The class that is worked on. */
  readonly id: ClassId;
  /** Only this region of the class; null for all of the class. */
  readonly region: Region | null;
}

/** Hears how much is done, 0 to 1, a few hundred times at most; what it throws stops the work. */
type WatchMorphology = (share: number) => void;

/** Rows between two words about how far it is. */
const TOLD_EVERY_ROWS = 64;

/**
 * Changes the shape of a class or of one region of it, within an open step. Pixels that leave it become the
 * class of the nearest pixel beside it, so that no gap opens; pixels that join it had other classes, which
 * locks may refuse. The picture's edge is no border: nothing shrinks away from it. Costs the rectangle
 * around the class, not the picture, but for the search of it.
 */
export function applyMorphology(
  raster: MaskRaster,
  { kind, amount, id, region }: Morphology,
  watch: WatchMorphology = () => undefined,
): void {
  const found = selection(
    raster,
    id,
    region,
    kind === 'removeSpecks' || kind === 'fillHoles' ? 1 : amount + 1,
  );
  if (!found) return;
  watch(FOUND);
  const shaping = partOf(watch, FOUND, SHAPED);
  switch (kind) {
    case 'grow':
      paint(raster, without(dilate(found, amount, shaping), found), id);
      return;
    case 'shrink':
      handOver(raster, without(found, erode(found, amount, shaping)), found, partOf(watch, SHAPED, 1));
      return;
    case 'smooth': {
      const smooth = majority(found, amount, shaping);
      const leaving = without(found, smooth);
      const joining = without(smooth, found);
      handOver(raster, leaving, found, partOf(watch, SHAPED, 1));
      paint(raster, joining, id);
      return;
    }
    case 'fillHoles':
      paint(raster, holes(found, raster, amount), id);
      return;
    case 'removeSpecks':
      handOver(raster, specks(found, amount), found, partOf(watch, SHAPED, 1));
      return;
  }
}

/** How much is done when the pixels are found, and when it is known which of them change. */
const FOUND = 0.15;
const SHAPED = 0.75;

const partOf =
  (watch: WatchMorphology, from: number, to: number): WatchMorphology =>
  (share) =>
    watch(from + (to - from) * share);

/** Some pixels within a rectangle of the picture: 1 for each, row-major. */
interface Selection {
  readonly rect: PixelRect;
  readonly inside: Uint8Array;
}

function paint(raster: MaskRaster, { rect, inside }: Selection, id: ClassId): void {
  for (let row = 0; row < rect.height; row++) {
    const line = row * rect.width;
    for (let column = 0; column < rect.width;) {
      if (inside[line + column] === 0) {
        column++;
        continue;
      }
      const start = column++;
      while (column < rect.width && inside[line + column] === 1) column++;
      raster.setSpan(rect.y + row, rect.x + start, rect.x + column, id);
    }
  }
}

/** The pixels of the class (or of the region) in a rectangle with `margin` around them, within the picture. */
function selection(
  { width, height, ids }: MaskRaster,
  id: number,
  region: Region | null,
  margin: number,
): Selection | null {
  let box: PixelRect | null = region?.rect ?? null;
  if (!box) {
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let y = 0; y < height; y++) {
      const row = ids.subarray(y * width, (y + 1) * width);
      const first = row.indexOf(id);
      if (first < 0) continue;
      left = Math.min(left, first);
      right = Math.max(right, row.lastIndexOf(id) + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
    if (bottom === 0) return null;
    box = { x: left, y: top, width: right - left, height: bottom - top };
  }
  const x = Math.max(0, box.x - margin);
  const y = Math.max(0, box.y - margin);
  const rect = {
    x,
    y,
    width: Math.min(width, box.x + box.width + margin) - x,
    height: Math.min(height, box.y + box.height + margin) - y,
  };
  const inside = new Uint8Array(rect.width * rect.height);
  let area = 0;
  const take = (row: number, from: number, to: number): void => {
    inside.fill(1, (row - y) * rect.width + from - x, (row - y) * rect.width + to - x);
    area += to - from;
  };
  if (region) {
    const { runs } = region;
    for (let at = 0; at < runs.length; at += 3) take(runs[at]!, runs[at + 1]!, runs[at + 2]!);
  } else {
    for (let row = y; row < y + rect.height; row++) {
      for (let column = x; column < x + rect.width; column++) {
        if (ids[row * width + column] === id) take(row, column, column + 1);
      }
    }
  }
  return area === 0 ? null : { rect, inside };
}

const like = ({ rect }: Selection, inside: Uint8Array): Selection => ({ rect, inside });

function without(region: Selection, other: Selection): Selection {
  return like(
    region,
    region.inside.map((value, n) => (other.inside[n] === 1 ? 0 : value)),
  );
}

const inverse = (region: Selection): Selection =>
  like(
    region,
    region.inside.map((value) => 1 - value),
  );

/** All pixels within `radius` of the region. Only its border is walked: discs inside of it add nothing. */
function dilate(region: Selection, radius: number, watch: WatchMorphology): Selection {
  const { width, height } = region.rect;
  const { inside } = region;
  const grown = inside.slice();
  const halves = Array.from({ length: radius + 1 }, (_, dy) =>
    Math.floor(Math.sqrt(radius * radius - dy * dy)),
  );
  for (let y = 0, n = 0; y < height; y++) {
    if (y % TOLD_EVERY_ROWS === 0) watch(y / height);
    for (let x = 0; x < width; x++, n++) {
      if (inside[n] === 0) continue;
      const isBorder =
        (x > 0 && inside[n - 1] === 0) ||
        (x + 1 < width && inside[n + 1] === 0) ||
        (y > 0 && inside[n - width] === 0) ||
        (y + 1 < height && inside[n + width] === 0);
      if (!isBorder) continue;
      for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
        const half = halves[Math.abs(row - y)]!;
        grown.fill(1, row * width + Math.max(0, x - half), row * width + Math.min(width, x + half + 1));
      }
    }
  }
  return like(region, grown);
}

const erode = (region: Selection, radius: number, watch: WatchMorphology): Selection =>
  inverse(dilate(inverse(region), radius, watch));

/** Near the border, what most of the disc around a pixel is; elsewhere the region as it is. */
function majority(region: Selection, radius: number, watch: WatchMorphology): Selection {
  const { width, height } = region.rect;
  const near = without(
    dilate(region, radius, partOf(watch, 0, 0.2)),
    erode(region, radius, partOf(watch, 0.2, 0.4)),
  );
  const sums = new Uint32Array((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (width + 1) + x;
      sums[at + 1] = sums[at]! + region.inside[y * width + x]!;
    }
  }
  const smooth = region.inside.slice();
  const counting = partOf(watch, 0.4, 1);
  for (let y = 0, n = 0; y < height; y++) {
    if (y % TOLD_EVERY_ROWS === 0) counting(y / height);
    for (let x = 0; x < width; x++, n++) {
      if (near.inside[n] === 0) continue;
      let own = 0;
      let all = 0;
      for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
        const half = Math.floor(Math.sqrt(radius * radius - (row - y) ** 2));
        const from = Math.max(0, x - half);
        const to = Math.min(width, x + half + 1);
        own += sums[row * (width + 1) + to]! - sums[row * (width + 1) + from]!;
        all += to - from;
      }
      if (own * 2 !== all) smooth[n] = own * 2 > all ? 1 : 0;
    }
  }
  return like(region, smooth);
}

/** What the region encloses: pixels from which no way leads around it. */
function holes(
  region: Selection,
  picture: { readonly width: number; readonly height: number },
  largest: number,
): Selection {
  const { rect, inside } = region;
  const { labels, components } = connectedComponents(
    { width: rect.width, height: rect.height, ids: inside },
    { connectivity: 4, background: 1 },
  );
  // The rectangle has a free pixel on every side but at the picture's own edge, which closes nothing either.
  const touchesEdge = (box: PixelRect): boolean =>
    box.x === 0 ||
    box.y === 0 ||
    box.x + box.width === Math.min(rect.width, picture.width - rect.x) ||
    box.y + box.height === Math.min(rect.height, picture.height - rect.y);
  const isHole = components.map((part) => !touchesEdge(part.rect) && (largest === 0 || part.area <= largest));
  return like(
    region,
    Uint8Array.from(labels, (label) => (label > 0 && isHole[label - 1] ? 1 : 0)),
  );
}

function specks(region: Selection, least: number): Selection {
  const { rect, inside } = region;
  const { labels, components } = connectedComponents(
    { width: rect.width, height: rect.height, ids: inside },
    { connectivity: 8, background: 0 },
  );
  return like(
    region,
    Uint8Array.from(labels, (label) => (label > 0 && components[label - 1]!.area < least ? 1 : 0)),
  );
}

/** Gives each pixel that leaves the region the class of the nearest pixel outside of it, by steps of 4. */
function handOver(raster: MaskRaster, leaving: Selection, region: Selection, watch: WatchMorphology): void {
  const { rect, inside } = leaving;
  const { width, height } = rect;
  const given = new Int32Array(inside.length).fill(-1);
  let wave: number[] = [];
  const neighbours = (n: number): number[] => {
    const x = n % width;
    return [x > 0 ? n - 1 : -1, x + 1 < width ? n + 1 : -1, n - width, n + width].filter(
      (one) => one >= 0 && one < width * height,
    );
  };
  for (let n = 0; n < inside.length; n++) {
    if (n % (width * TOLD_EVERY_ROWS) === 0) watch(n / inside.length);
    if (inside[n] === 0) continue;
    const outside = neighbours(n).find((one) => region.inside[one] === 0);
    if (outside === undefined) continue;
    const x = rect.x + (outside % width);
    const y = rect.y + Math.floor(outside / width);
    given[n] = raster.ids[y * raster.width + x]!;
    wave.push(n);
  }
  while (wave.length > 0) {
    const next: number[] = [];
    for (const n of wave) {
      for (const one of neighbours(n)) {
        if (inside[one] === 0 || given[one] !== -1) continue;
        given[one] = given[n]!;
        next.push(one);
      }
    }
    wave = next;
  }
  given.forEach((id, n) => {
    if (id >= 0) raster.setPixel(rect.x + (n % width), rect.y + Math.floor(n / width), classId(id));
  });
}
