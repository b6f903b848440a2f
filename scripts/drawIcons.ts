import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { inRepository, isStartedScript } from './repository.ts';

/** Where electron-builder.yml looks for them. */
export const ICON_FOLDER = inRepository('dist', 'icons');

/** What Linux desktops show: a file per size. */
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512] as const;
/** Windows: small ones as bitmaps, which every program reads, the largest as PNG. */
const WINDOWS_SIZES = [16, 24, 32, 48, 64, 256] as const;
/** macOS: types of an .icns file that hold a PNG, with their sizes. */
const MAC_TYPES = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024 } as const;

type Colour = readonly [red: number, green: number, blue: number];

/** The studio's own grey and white, and the colours of the street's classes, lightened for a dark desktop. */
const COLOURS = {
  ground: [27, 27, 28],
  line: [240, 240, 242],
  sky: [164, 170, 178],
  building: [202, 66, 58],
  tree: [138, 150, 40],
  pavement: [90, 84, 220],
  road: [146, 80, 146],
} as const satisfies Record<string, Colour>;

/** Cells along a side of the student's half. */
const CELLS = 16;
const HORIZON = 9 / CELLS;

/** The street, mirrored at its middle, in coordinates from 0 to 1 across the icon. */
function classAt(x: number, y: number): Colour {
  const away = Math.abs(x - 0.5);
  if (y >= HORIZON) return away < 0.05 + (y - HORIZON) * 0.92 ? COLOURS.road : COLOURS.pavement;
  if ((away - 0.25) ** 2 + (y - 0.375) ** 2 < 0.016) return COLOURS.tree;
  if (Math.abs(away - 0.25) < 0.032 && y > 0.375) return COLOURS.tree;
  return y > 0.21 + away * 0.1 + (0.5 - away) * 0.62 ? COLOURS.building : COLOURS.sky;
}

/** How far a point is inside the icon's rounded square, in icon widths; negative outside. */
function depth(x: number, y: number, margin: number, radius: number): number {
  const reach = 0.5 - margin - radius;
  const [dx, dy] = [Math.abs(x - 0.5) - reach, Math.abs(y - 0.5) - reach];
  const outside = Math.hypot(Math.max(dx, 0), Math.max(dy, 0));
  return radius - outside - Math.min(Math.max(dx, dy), 0);
}

/** The teacher's smooth street on the left, the student's in cells on the right; null where the icon is clear. */
function colourAt(x: number, y: number): Colour | null {
  if (depth(x, y, 0.03, 0.2) < 0) return null;
  if (depth(x, y, 0.085, 0.15) < 0) return COLOURS.ground;
  if (Math.abs(x - 0.5) < 0.02) return COLOURS.line;
  const cell = (value: number) => (Math.floor(value * CELLS) + 0.5) / CELLS;
  return x < 0.5 ? classAt(x, y) : classAt(cell(x), cell(y));
}

/** RGBA, 8 bits, not premultiplied: the mean of rays through each pixel. */
function drawIcon(side: number): Uint8Array {
  const rays = side < 512 ? 4 : 2;
  const rgba = new Uint8Array(side * side * 4);
  for (let index = 0; index < side * side; index++) {
    let [red, green, blue, hits] = [0, 0, 0, 0];
    for (let ray = 0; ray < rays * rays; ray++) {
      const x = ((index % side) + ((ray % rays) + 0.5) / rays) / side;
      const y = (Math.floor(index / side) + (Math.floor(ray / rays) + 0.5) / rays) / side;
      const colour = colourAt(x, y);
      if (!colour) continue;
      hits++;
      red += colour[0];
      green += colour[1];
      blue += colour[2];
    }
    if (hits === 0) continue;
    const alpha = (hits * 255) / rays ** 2;
    rgba.set([red / hits, green / hits, blue / hits, alpha].map(Math.round), index * 4);
  }
  return rgba;
}

const pngs = new Map<number, Buffer>();

function pngOf(side: number): Buffer {
  const drawn = pngs.get(side);
  if (drawn) return drawn;
  const png = Buffer.from(encode({ width: side, height: side, data: drawIcon(side), channels: 4, depth: 8 }));
  pngs.set(side, png);
  return png;
}

/** A bitmap as an .ico file holds it: header, rows from the bottom as BGRA, an empty mask. */
function bitmapOf(side: number): Buffer {
  const rgba = drawIcon(side);
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(side, 4);
  // Of the picture and its mask.
  header.writeInt32LE(side * 2, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const pixels = Buffer.alloc(side * side * 4);
  for (let index = 0; index < side * side; index++) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(index * 4, index * 4 + 4);
    const row = side - 1 - Math.floor(index / side);
    pixels.set([blue, green, red, alpha], (row * side + (index % side)) * 4);
  }
  const mask = Buffer.alloc(Math.ceil(side / 32) * 4 * side);
  return Buffer.concat([header, pixels, mask]);
}

/** Windows' .ico: a directory of 16 bytes an entry, then the pictures. */
export function icoOf(sizes: readonly number[]): Buffer {
  const pictures = sizes.map((side) => (side < 256 ? bitmapOf(side) : pngOf(side)));
  const head = Buffer.alloc(6 + 16 * sizes.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sizes.length, 4);
  let offset = head.length;
  for (const [index, side] of sizes.entries()) {
    const at = 6 + 16 * index;
    // 0 means 256.
    head.writeUInt8(side % 256, at);
    head.writeUInt8(side % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(pictures[index]!.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += pictures[index]!.length;
  }
  return Buffer.concat([head, ...pictures]);
}

/** macOS' .icns: `icns`, the length of all, then type, length and PNG of each. */
export function icnsOf(types: Readonly<Record<string, number>>): Buffer {
  const blocks = Object.entries(types).map(([type, side]) => block(type, pngOf(side)));
  return block('icns', Buffer.concat(blocks));
}

function block(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([head, content]);
}

/** Draws the app's icon for all platforms into dist/icons. */
export async function drawIcons(): Promise<void> {
  await rm(ICON_FOLDER, { recursive: true, force: true });
  await mkdir(join(ICON_FOLDER, 'linux'), { recursive: true });
  for (const side of LINUX_SIZES) {
    await writeFile(join(ICON_FOLDER, 'linux', `${side}x${side}.png`), pngOf(side));
  }
  await writeFile(join(ICON_FOLDER, 'icon.ico'), icoOf(WINDOWS_SIZES));
  await writeFile(join(ICON_FOLDER, 'icon.icns'), icnsOf(MAC_TYPES));
}

if (isStartedScript(import.meta.url)) await drawIcons();
