import { deflateSync, inflateSync } from 'fflate';
import { crc32 } from '../crc32.ts';
import { unionRect, type PixelRect } from '../geometry.ts';
import { ProblemError } from '../problem.ts';
import type { ClassIds, ClassMap } from './classMap.ts';
import { copyTile, pasteTile, tileEquals } from './tile.ts';

/** Edge of the tiles in which changes are remembered, in pixels. Tile (0, 0) is at the picture's top left. */
export const TILE = 64;

/** One tile that changed: `before` and `after` hold width * height ids, row-major. */
export interface PatchTile {
  readonly x: number;
  readonly y: number;
  /** TILE, or less at the picture's right and lower edge. */
  readonly width: number;
  readonly height: number;
  readonly before: ClassIds;
  readonly after: ClassIds;
}

/** One undo step: every tile that it changed, in row-major order of the tiles. */
export interface MaskPatch {
  /** Of the whole mask, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytesPerId: 1 | 2;
  readonly tiles: readonly PatchTile[];
}

/** `undo` writes what was before the step, `redo` what was after it. */
export type PatchDirection = 'undo' | 'redo';

/** The rectangle of tile number `index` (row-major) of a width x height mask, in pixels. */
export function tileRect(index: number, width: number, height: number): PixelRect {
  const columns = Math.ceil(width / TILE);
  const x = (index % columns) * TILE;
  const y = Math.floor(index / columns) * TILE;
  return { x, y, width: Math.min(TILE, width - x), height: Math.min(TILE, height - y) };
}

/** The smallest rectangle that holds every tile of the patch; pixels in it may be unchanged. */
export function patchRect(patch: MaskPatch): PixelRect {
  let rect: PixelRect | null = null;
  for (const { x, y, width, height } of patch.tiles) rect = unionRect(rect, { x, y, width, height });
  return rect ?? { x: 0, y: 0, width: 0, height: 0 };
}

/**
 * Writes one side of the patch into the ids of a mask `width` wide.
 * A patch of another mask size, or of two-byte ids for a one-byte mask, throws `patch.size` and changes
 * nothing.
 */
export function applyPatch(ids: ClassIds, width: number, patch: MaskPatch, direction: PatchDirection): void {
  assertSameSize(patch, width, ids.length / width);
  if (patch.bytesPerId > ids.BYTES_PER_ELEMENT) {
    throw new ProblemError({
      code: 'patch.size',
      title: 'an edit with two bytes per class id does not fit a mask with one',
    });
  }
  for (const tile of patch.tiles) {
    pasteTile(ids, width, tile, direction === 'undo' ? tile.before : tile.after);
  }
}

/** Throws `patch.size` for a patch of another mask size. */
export function assertSameSize(patch: MaskPatch, width: number, height: number): void {
  if (patch.width === width && patch.height === height) return;
  throw new ProblemError({
    code: 'patch.size',
    title: `an edit of a ${patch.width} x ${patch.height} mask does not fit a ${width} x ${height} mask`,
  });
}

/** The patch that turns one class map into another of the same size; null where they are equal. */
export function patchBetween(before: ClassMap, after: ClassMap): MaskPatch | null {
  const { width, height } = before;
  if (after.width !== width || after.height !== height) {
    throw new ProblemError({
      code: 'patch.size',
      title: `a ${width} x ${height} mask cannot become a ${after.width} x ${after.height} one`,
    });
  }
  const tiles: PatchTile[] = [];
  const count = Math.ceil(width / TILE) * Math.ceil(height / TILE);
  for (let index = 0; index < count; index++) {
    const rect = tileRect(index, width, height);
    const old = copyTile(before.ids, width, rect);
    if (tileEquals(after.ids, width, rect, old)) continue;
    tiles.push({ ...rect, before: old, after: copyTile(after.ids, width, rect) });
  }
  if (tiles.length === 0) return null;
  const wide = before.ids instanceof Uint16Array || after.ids instanceof Uint16Array;
  return { width, height, bytesPerId: wide ? 2 : 1, tiles };
}

/*
 * An encoded patch, little endian:
 *   0  4 bytes  "DSMP"
 *   4  u8       version, 1
 *   5  u8       bytes per id, 1 or 2
 *   6  u16      0
 *   8  u32      mask width        12 u32  mask height
 *  16  u32      number of tiles   20 u32  length of the body before deflate
 *  24  u32      CRC-32 of bytes 0 to 23 and of everything from 28
 *  28  deflated body: per tile u32 tile number (row-major, ascending), then its ids before and after
 * The ids of a tile: u8 kind; kind 0: the ids as they are; kind 1: u16 count of runs, then per run its
 * length less one (u16) and its id (1 or 2 bytes). Runs first, because class maps are made of them: deflate
 * then has next to nothing to do, which is what keeps a step over a whole large picture fast.
 */
const MAGIC = 0x504d5344;
const VERSION = 1;
const HEADER = 28;
const CRC_AT = 24;
const RAW = 0;
const RUNS = 1;
/** Deflate cannot shrink anything further than this, so a body that claims more is damaged. */
const MAX_DEFLATE_RATIO = 1032;

/** The patch as bytes, versioned and with a checksum; `decodePatch` gives it back exactly. */
export function encodePatch(patch: MaskPatch): Uint8Array {
  const columns = Math.ceil(patch.width / TILE);
  const largestTile = 4 + 2 * (1 + TILE * TILE * patch.bytesPerId);
  const body = new Uint8Array(patch.tiles.length * largestTile);
  const bodyView = new DataView(body.buffer);
  let end = 0;
  for (const tile of patch.tiles) {
    bodyView.setUint32(end, (tile.y / TILE) * columns + tile.x / TILE, true);
    end = writeIds(bodyView, end + 4, tile.before, patch.bytesPerId);
    end = writeIds(bodyView, end, tile.after, patch.bytesPerId);
  }
  const deflated = deflateSync(body.subarray(0, end), { level: 6 });
  const bytes = new Uint8Array(HEADER + deflated.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, VERSION);
  view.setUint8(5, patch.bytesPerId);
  view.setUint32(8, patch.width, true);
  view.setUint32(12, patch.height, true);
  view.setUint32(16, patch.tiles.length, true);
  view.setUint32(20, end, true);
  bytes.set(deflated, HEADER);
  view.setUint32(CRC_AT, checksum(bytes), true);
  return bytes;
}

/**
 * The patch that `encodePatch` wrote.
 * Throws `patch.newer` for one written by a newer version, `patch.corrupt` for anything else that it did not
 * write.
 */
export function decodePatch(bytes: Uint8Array): MaskPatch {
  if (bytes.length < HEADER) throw corrupt(`${bytes.length} bytes are fewer than its header's ${HEADER}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw corrupt('it does not begin with DSMP');
  const version = view.getUint8(4);
  if (version > VERSION) {
    throw new ProblemError({
      code: 'patch.newer',
      title: `the edit was made by a newer version (format ${version}, this one reads up to ${VERSION})`,
      hint: 'Update DynaSeg Studio',
    });
  }
  if (view.getUint32(CRC_AT, true) !== checksum(bytes)) throw corrupt('its checksum does not match');
  const bytesPerId = view.getUint8(5);
  const width = view.getUint32(8, true);
  const height = view.getUint32(12, true);
  const tileCount = view.getUint32(16, true);
  const bodyLength = view.getUint32(20, true);
  if (version !== VERSION || (bytesPerId !== 1 && bytesPerId !== 2) || width === 0 || height === 0) {
    throw corrupt('its header makes no sense');
  }
  const deflated = bytes.subarray(HEADER);
  const tilesOfMask = Math.ceil(width / TILE) * Math.ceil(height / TILE);
  if (tileCount > tilesOfMask || bodyLength > (deflated.length + 1) * MAX_DEFLATE_RATIO) {
    throw corrupt('its lengths make no sense');
  }
  const body = inflate(deflated, bodyLength);
  const reader = new BodyReader(body, bytesPerId);
  const tiles: PatchTile[] = [];
  let previous = -1;
  for (let n = 0; n < tileCount; n++) {
    const index = reader.u32();
    if (index <= previous || index >= tilesOfMask) throw corrupt(`tile ${index} of ${tilesOfMask}`);
    previous = index;
    const rect = tileRect(index, width, height);
    const length = rect.width * rect.height;
    tiles.push({ ...rect, before: reader.ids(length), after: reader.ids(length) });
  }
  if (reader.position !== bodyLength) throw corrupt(`${bodyLength - reader.position} bytes are left over`);
  return { width, height, bytesPerId, tiles };
}

/** How many tiles an encoded patch says that it has, 0 for what is too short to be one: what decoding it costs. */
export function tilesOfEncoded(bytes: Uint8Array): number {
  if (bytes.length < HEADER) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(16, true);
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(HEADER), crc32(bytes.subarray(0, CRC_AT)));
}

function corrupt(detail: string, cause?: unknown): ProblemError {
  return new ProblemError({ code: 'patch.corrupt', title: 'the stored edit is damaged', detail }, { cause });
}

function inflate(deflated: Uint8Array, length: number): Uint8Array {
  let body: Uint8Array;
  try {
    body = inflateSync(deflated, { out: new Uint8Array(length) });
  } catch (error) {
    throw corrupt('it cannot be decompressed', error);
  }
  if (body.length !== length) throw corrupt(`its body has ${body.length} bytes instead of ${length}`);
  return body;
}

/** Writes the ids of a tile at `at`, as runs where that is shorter; returns where they end. */
function writeIds(view: DataView, at: number, ids: ClassIds, bytesPerId: 1 | 2): number {
  const rawEnd = at + 1 + ids.length * bytesPerId;
  const runBytes = 2 + bytesPerId;
  let position = at + 3;
  let runs = 0;
  for (let start = 0; start < ids.length;) {
    const id = ids[start]!;
    let end = start + 1;
    while (end < ids.length && ids[end] === id) end++;
    if (position + runBytes > rawEnd) return writeRaw(view, at, ids, bytesPerId);
    view.setUint16(position, end - start - 1, true);
    if (bytesPerId === 1) view.setUint8(position + 2, id);
    else view.setUint16(position + 2, id, true);
    position += runBytes;
    runs++;
    start = end;
  }
  view.setUint8(at, RUNS);
  view.setUint16(at + 1, runs, true);
  return position;
}

function writeRaw(view: DataView, at: number, ids: ClassIds, bytesPerId: 1 | 2): number {
  view.setUint8(at, RAW);
  let position = at + 1;
  for (const id of ids) {
    if (bytesPerId === 1) view.setUint8(position, id);
    else view.setUint16(position, id, true);
    position += bytesPerId;
  }
  return position;
}

/** Reads the inflated body; reading past its end is damage, never a silent zero. */
class BodyReader {
  position = 0;
  private readonly view: DataView;
  private readonly bytesPerId: 1 | 2;

  constructor(body: Uint8Array, bytesPerId: 1 | 2) {
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.bytesPerId = bytesPerId;
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  ids(length: number): ClassIds {
    const ids = this.bytesPerId === 1 ? new Uint8Array(length) : new Uint16Array(length);
    const kind = this.view.getUint8(this.take(1));
    if (kind === RAW) {
      const start = this.take(length * this.bytesPerId);
      for (let n = 0; n < length; n++) ids[n] = this.idAt(start + n * this.bytesPerId);
      return ids;
    }
    if (kind !== RUNS) throw corrupt(`tile of unknown kind ${kind}`);
    const runs = this.view.getUint16(this.take(2), true);
    let filled = 0;
    for (let run = 0; run < runs; run++) {
      const runLength = this.view.getUint16(this.take(2), true) + 1;
      if (filled + runLength > length) throw corrupt('its runs are longer than their tile');
      ids.fill(this.idAt(this.take(this.bytesPerId)), filled, filled + runLength);
      filled += runLength;
    }
    if (filled !== length) throw corrupt('its runs are shorter than their tile');
    return ids;
  }

  private idAt(position: number): number {
    return this.bytesPerId === 1 ? this.view.getUint8(position) : this.view.getUint16(position, true);
  }

  private take(bytes: number): number {
    const start = this.position;
    if (start + bytes > this.view.byteLength) throw corrupt('it ends in the middle of a tile');
    this.position = start + bytes;
    return start;
  }
}
