import { unzlibSync, zlibSync } from 'fflate';
import { crc32 } from '../crc32.ts';
import type { FuzzRandom } from './fuzzRandom.ts';
import { EDGE_NUMBERS, mutateBytes } from './mutateBytes.ts';

interface Chunk {
  tag: string;
  body: Uint8Array;
}

const SIGNATURE = 8;

function chunksOf(png: Uint8Array): Chunk[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const tag = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.push({ tag, body: png.slice(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** The chunks as a file, with the checksums that they should have. */
function joinChunks(signature: Uint8Array, chunks: readonly Chunk[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { body }) => sum + body.length + 12, SIGNATURE));
  const view = new DataView(bytes.buffer);
  bytes.set(signature.subarray(0, SIGNATURE));
  let at = SIGNATURE;
  for (const { tag, body } of chunks) {
    view.setUint32(at, body.length);
    for (let index = 0; index < 4; index++) bytes[at + 4 + index] = tag.charCodeAt(index);
    bytes.set(body, at + 8);
    view.setUint32(at + 8 + body.length, crc32(bytes.subarray(at + 4, at + 8 + body.length)));
    at += 12 + body.length;
  }
  return bytes;
}

const HEADER_FIELDS = ['width', 'height', 'depth', 'colour', 'method', 'filter', 'interlace'] as const;

function changeHeader(body: Uint8Array, random: FuzzRandom): void {
  if (body.length < 13) return;
  const view = new DataView(body.buffer, body.byteOffset);
  const field = HEADER_FIELDS.indexOf(random.pick(HEADER_FIELDS));
  if (field < 2) {
    const near = view.getUint32(field * 4) + random.below(5) - 2;
    view.setUint32(field * 4, random.chance(50) ? Math.max(0, near) : random.pick([...EDGE_NUMBERS, 16_384]));
  } else {
    body[6 + field] = field === 2 ? random.pick([1, 2, 4, 8, 16, 3, 32]) : random.below(field === 3 ? 8 : 3);
  }
}

/** Changes what the picture data unpack to, and packs it again: row filters, samples, too little, too much. */
function changePicture(chunks: Chunk[], random: FuzzRandom): void {
  const data = chunks.find(({ tag }) => tag === 'IDAT');
  if (!data) return;
  try {
    const raw = mutateBytes(unzlibSync(data.body), random);
    const bomb = random.chance(5) ? new Uint8Array(1 << 20) : raw;
    data.body = zlibSync(bomb, { level: random.pick([0, 1, 6]) });
  } catch {
    data.body = mutateBytes(data.body, random);
  }
}

/** A PNG with one to three changes of its chunks, its header or its packed picture; checksums are right in most. */
export function mutatePng(original: Uint8Array, random: FuzzRandom): Uint8Array {
  const chunks = chunksOf(original);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(chunks.length);
    const chunk = chunks[at];
    if (!chunk) continue;
    switch (random.below(8)) {
      case 0:
      case 1:
        changeHeader(chunks[0]!.body, random);
        break;
      case 2:
      case 3:
        changePicture(chunks, random);
        break;
      case 4:
        chunks.splice(at, 1);
        break;
      case 5:
        chunks.splice(random.below(chunks.length + 1), 0, { tag: chunk.tag, body: chunk.body.slice() });
        break;
      case 6:
        chunk.tag = random.pick(['PLTE', 'tRNS', 'IDAT', 'IEND', 'eXIf', 'gAMA', 'ABCD', 'abcd', 'IHDR']);
        break;
      default:
        if (chunk.body.length > 0) chunk.body = mutateBytes(chunk.body, random);
    }
  }
  const bytes = joinChunks(original, chunks);
  return random.chance(10) ? mutateBytes(bytes, random) : bytes;
}
