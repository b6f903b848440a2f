import type { FuzzRandom } from './fuzzRandom.ts';
import { EDGE_NUMBERS, mutateBytes } from './mutateBytes.ts';

const HEADER = 100;
/** Fields of the database header that say how large things are, or which version wrote it: offset and bytes. */
const HEADER_FIELDS = [
  [16, 2],
  [18, 1],
  [19, 1],
  [20, 1],
  [24, 4],
  [28, 4],
  [32, 4],
  [36, 4],
  [40, 4],
  [44, 4],
  [52, 4],
  [56, 4],
  [60, 4],
] as const;

function put(view: DataView, at: number, bytes: number, value: number): void {
  if (bytes === 1) view.setUint8(at, value & 0xff);
  else if (bytes === 2) view.setUint16(at, value & 0xffff);
  else view.setUint32(at, value >>> 0);
}

/** An SQLite database with one to three changes of its header, its pages' headers, cell pointers, cells or order. */
export function mutateSqlite(original: Uint8Array, random: FuzzRandom): Uint8Array {
  const bytes = Uint8Array.from(original);
  const view = new DataView(bytes.buffer);
  const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const pages = Math.floor(bytes.length / pageSize);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const page = random.below(pages);
    const start = page * pageSize;
    const header = start + (page === 0 ? HEADER : 0);
    switch (random.below(7)) {
      case 0: {
        const [at, size] = random.pick(HEADER_FIELDS);
        put(view, at, size, random.pick(EDGE_NUMBERS));
        break;
      }
      case 1:
        // Page type, first free block, number of cells, start of the cells.
        put(view, header + random.pick([0, 1, 3, 5, 7]), 2, random.pick(EDGE_NUMBERS));
        break;
      case 2: {
        const cells = Math.min(view.getUint16(header + 3), 200);
        if (cells > 0) put(view, header + 8 + 2 * random.below(cells), 2, random.below(pageSize));
        break;
      }
      case 3:
        bytes[start + random.below(pageSize)] = random.below(256);
        break;
      case 4:
        bytes.copyWithin(start, random.below(pages) * pageSize, (random.below(pages) + 1) * pageSize);
        break;
      case 5: {
        const at = start + random.below(pageSize);
        bytes.fill(random.pick([0, 0xff]), at, Math.min(at + random.below(64), start + pageSize));
        break;
      }
      default:
        return random.chance(50)
          ? bytes.slice(0, Math.max(HEADER, random.below(bytes.length)))
          : mutateBytes(bytes, random);
    }
  }
  return bytes;
}
