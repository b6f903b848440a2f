import type { PixelRect } from '../geometry.ts';
import type { ClassMap } from './classMap.ts';

/** Where a picture lies on a surface: surface = image * scale + (left, top), in pixels of each. */
export interface MapView {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/**
 * What is drawn on, row-major: RGBA, 8 bits each, four bytes in one number (a Uint32Array over the buffer of an
 * ImageData), not premultiplied.
 */
export interface Surface {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/** One colour (packed RGBA, 0 for none) from the ids of one place. */
interface Sampling {
  readonly surface: Surface;
  /** Of the surface. Drawn over what is there: clear it first. */
  readonly rect: PixelRect;
  readonly view: MapView;
}

export interface RenderClasses extends Sampling {
  readonly map: ClassMap;
  /** By class id, length 65536. */
  readonly colours: Uint32Array;
  /** `outline`: only pixels with a neighbour of another class, one surface pixel wide where it shows less. */
  readonly style: 'fill' | 'outline';
  /** Nothing is on the surface under `rect`: rows that show the same row of the map are then drawn once. */
  readonly blank?: boolean;
}

/**
 * Draws the part of a class map that lies under `rect` of a surface. It costs the surface's pixels, never the
 * map's: a picture of 100 megapixels is as cheap as its window. From one surface pixel per image pixel on,
 * pixels are crisp; below, four places of each surface pixel are mixed, so that borders are smooth and thin
 * things stay in sight.
 */
export function renderClasses(task: RenderClasses): void {
  if (task.style === 'outline') renderOutline(task);
  else if (task.view.scale >= 1) renderCrisp(task);
  else renderMixed(task);
}

export interface RenderDifference extends Sampling {
  readonly teacher: ClassMap;
  /** Of the teacher's size. */
  readonly student: ClassMap;
  /** Packed RGBA of a claim, 0 for claims that are not shown. */
  readonly teacherColour: number;
  readonly studentColour: number;
  /** 1 for ids that claim something; length 65536. */
  readonly claims: Uint8Array;
  /** Width of the stripes where both claim a pixel, image pixels. */
  readonly stripe: number;
}

/**
 * Draws the pixels on which two class maps differ: the teacher's colour, the student's, or where both claim a
 * pixel stripes of both, fixed to the picture. Of four places of a surface pixel one that differs is enough.
 */
export function renderDifference(task: RenderDifference): void {
  const { surface, teacher, student, claims, teacherColour, studentColour, stripe } = task;
  const columns = axis(task, 'x', teacher.width);
  const rows = axis(task, 'y', teacher.height);
  const { width } = teacher;
  const colourAt = (at: number, x: number, y: number): number => {
    const first = teacher.ids[at]!;
    const second = student.ids[at]!;
    if (first === second) return 0;
    const byTeacher = claims[first] === 1 ? teacherColour : 0;
    const byStudent = claims[second] === 1 ? studentColour : 0;
    if (byTeacher === 0 || byStudent === 0) return byTeacher || byStudent;
    return Math.floor((x + y) / stripe) % 2 === 0 ? byTeacher : byStudent;
  };
  for (let row = 0; row < rows.count; row++) {
    const above = rows.low[row]!;
    const below = rows.high[row]!;
    let out = (rows.first + row) * surface.width + columns.first;
    for (let column = 0; column < columns.count; column++, out++) {
      const left = columns.low[column]!;
      const right = columns.high[column]!;
      const colour =
        colourAt(above * width + left, left, above) ||
        colourAt(below * width + right, right, below) ||
        colourAt(above * width + right, right, above) ||
        colourAt(below * width + left, left, below);
      if (colour !== 0) put(surface.pixels, out, colour);
    }
  }
}

/** The rectangle of the surface that shows `rect` of the picture, with what sampling and outlines add around it. */
export function surfaceRect(
  rect: PixelRect,
  { scale, left, top }: MapView,
  surface: Surface,
): PixelRect | null {
  // An outline reaches one image pixel or one surface pixel to each side, whichever is more.
  const reach = Math.max(scale, 1) + 1;
  const x0 = Math.max(0, Math.floor(rect.x * scale + left - reach));
  const y0 = Math.max(0, Math.floor(rect.y * scale + top - reach));
  const x1 = Math.min(surface.width, Math.ceil((rect.x + rect.width) * scale + left + reach));
  const y1 = Math.min(surface.height, Math.ceil((rect.y + rect.height) * scale + top + reach));
  return x1 > x0 && y1 > y0 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : null;
}

/** Makes a rectangle of a surface transparent. */
export function clearSurface({ width, pixels }: Surface, rect: PixelRect): void {
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    pixels.fill(0, y * width + rect.x, y * width + rect.x + rect.width);
  }
}

function renderCrisp(task: RenderClasses): void {
  const { surface, map, colours } = task;
  const { pixels } = surface;
  const { ids } = map;
  const columns = axis(task, 'x', map.width);
  const rows = axis(task, 'y', map.height);
  for (let row = 0; row < rows.count; row++) {
    let out = (rows.first + row) * surface.width + columns.first;
    if (isAsAbove(task, rows, row)) {
      copyFromAbove(surface, out, columns.count);
      continue;
    }
    const line = rows.middle[row]! * map.width;
    for (let column = 0; column < columns.count; column++, out++) {
      const colour = colours[ids[line + columns.middle[column]!]!]!;
      if (colour !== 0) put(pixels, out, colour);
    }
  }
}

function renderMixed(task: RenderClasses): void {
  const { surface, map, colours } = task;
  const { pixels } = surface;
  const { ids } = map;
  const columns = axis(task, 'x', map.width);
  const rows = axis(task, 'y', map.height);
  for (let row = 0; row < rows.count; row++) {
    const above = rows.low[row]! * map.width;
    const below = rows.high[row]! * map.width;
    let out = (rows.first + row) * surface.width + columns.first;
    for (let column = 0; column < columns.count; column++, out++) {
      const left = columns.low[column]!;
      const right = columns.high[column]!;
      const a = ids[above + left]!;
      const b = ids[above + right]!;
      const c = ids[below + left]!;
      const d = ids[below + right]!;
      const colour =
        a === b && a === c && a === d ? colours[a]! : mix(colours[a]!, colours[b]!, colours[c]!, colours[d]!);
      if (colour !== 0) put(pixels, out, colour);
    }
  }
}

function renderOutline(task: RenderClasses): void {
  const { surface, map, colours, view } = task;
  const { ids, width, height } = map;
  const columns = axis(task, 'x', width);
  const rows = axis(task, 'y', height);
  const step = Math.max(1, Math.round(1 / view.scale));
  for (let row = 0; row < rows.count; row++) {
    let out = (rows.first + row) * surface.width + columns.first;
    if (isAsAbove(task, rows, row)) {
      copyFromAbove(surface, out, columns.count);
      continue;
    }
    const y = rows.middle[row]!;
    const line = y * width;
    const above = Math.max(0, y - step) * width;
    const below = Math.min(height - 1, y + step) * width;
    for (let column = 0; column < columns.count; column++, out++) {
      const x = columns.middle[column]!;
      const id = ids[line + x]!;
      const isEdge =
        ids[above + x] !== id ||
        ids[below + x] !== id ||
        ids[line + Math.max(0, x - step)] !== id ||
        ids[line + Math.min(width - 1, x + step)] !== id;
      if (isEdge && colours[id] !== 0) put(surface.pixels, out, colours[id]!);
    }
  }
}

/** Whether a surface row shows the same row of the map as the one above it, with nothing under either. */
const isAsAbove = ({ blank }: RenderClasses, { middle }: Axis, row: number): boolean =>
  blank === true && row > 0 && middle[row] === middle[row - 1];

function copyFromAbove({ pixels, width }: Surface, at: number, count: number): void {
  pixels.copyWithin(at, at - width, at - width + count);
}

/** Which image pixels the surface pixels of one direction look at. */
interface Axis {
  /** The first surface pixel that shows the picture, and how many follow. */
  readonly first: number;
  readonly count: number;
  /** Under a surface pixel's middle, and a quarter of it to either side. */
  readonly middle: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
}

function axis({ rect, view, surface }: Sampling, direction: 'x' | 'y', size: number): Axis {
  const { scale } = view;
  const [origin, start, length, limit] =
    direction === 'x'
      ? [view.left, rect.x, rect.width, surface.width]
      : [view.top, rect.y, rect.height, surface.height];
  const end = Math.min(start + length, limit);
  let first = Math.max(0, start);
  while (first < end && (first + 0.5 - origin) / scale < 0) first++;
  const middles: number[] = [];
  for (let pixel = first; pixel < end; pixel++) {
    const at = (pixel + 0.5 - origin) / scale;
    if (at >= size) break;
    middles.push(at);
  }
  const quarter = scale < 1 ? 0.25 / scale : 0;
  return {
    first,
    count: middles.length,
    middle: Int32Array.from(middles, Math.floor),
    low: Int32Array.from(middles, (at) => Math.max(0, Math.floor(at - quarter))),
    high: Int32Array.from(middles, (at) => Math.min(size - 1, Math.floor(at + quarter))),
  };
}

function put(pixels: Uint32Array, at: number, colour: number): void {
  const under = pixels[at]!;
  pixels[at] = under === 0 ? colour : over(under, colour);
}

/** Bytes of a packed colour by their place in memory; the machine's order decides which is the alpha. */
const LITTLE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const shiftOf = (channel: number): number => 8 * (LITTLE ? channel : 3 - channel);
const [RED, GREEN, BLUE, ALPHA] = [0, 1, 2, 3].map(shiftOf) as [number, number, number, number];

/** `above` over `below`, neither premultiplied. */
function over(below: number, above: number): number {
  const alpha = (above >>> ALPHA) & 255;
  if (alpha === 255) return above;
  const rest = (((below >>> ALPHA) & 255) * (255 - alpha)) / 255;
  const sum = alpha + rest;
  if (sum === 0) return 0;
  const channel = (shift: number): number =>
    Math.round((((above >>> shift) & 255) * alpha + ((below >>> shift) & 255) * rest) / sum) << shift;
  return (channel(RED) | channel(GREEN) | channel(BLUE) | (Math.round(sum) << ALPHA)) >>> 0;
}

/** The mean of four colours, each weighed by its alpha. */
function mix(a: number, b: number, c: number, d: number): number {
  const alphaA = (a >>> ALPHA) & 255;
  const alphaB = (b >>> ALPHA) & 255;
  const alphaC = (c >>> ALPHA) & 255;
  const alphaD = (d >>> ALPHA) & 255;
  const sum = alphaA + alphaB + alphaC + alphaD;
  if (sum === 0) return 0;
  const channel = (shift: number): number =>
    Math.round(
      (((a >>> shift) & 255) * alphaA +
        ((b >>> shift) & 255) * alphaB +
        ((c >>> shift) & 255) * alphaC +
        ((d >>> shift) & 255) * alphaD) /
        sum,
    ) << shift;
  return (channel(RED) | channel(GREEN) | channel(BLUE) | (Math.round(sum / 4) << ALPHA)) >>> 0;
}
