import { strToU8, zipSync } from 'fflate';
import type { FuzzRandom } from './fuzzRandom.ts';
import { EDGE_NUMBERS, mutateBytes } from './mutateBytes.ts';
import { HOSTILE_NAMES } from './mutateJson.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Where sizes, counts, offsets and methods stand behind each signature: offset and bytes. */
const FIELDS: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  [LOCAL]: [
    [6, 2],
    [8, 2],
    [14, 4],
    [18, 4],
    [22, 4],
    [26, 2],
    [28, 2],
  ],
  [CENTRAL]: [
    [8, 2],
    [10, 2],
    [20, 4],
    [24, 4],
    [28, 2],
    [30, 2],
    [42, 4],
  ],
  [END]: [
    [8, 2],
    [10, 2],
    [12, 4],
    [16, 4],
    [20, 2],
  ],
};

/** An archive with names that lead out of its folder, or a bomb, or headers that say what is not so. */
export function hostileZip(random: FuzzRandom): Uint8Array {
  const entries: Record<string, Uint8Array> = {};
  for (let count = 1 + random.below(4); count > 0; count--) {
    const hostile = random.pick(HOSTILE_NAMES.filter((name) => name !== '' && name !== '__proto__'));
    const name = random.chance(50) ? hostile.slice(0, 200) : `masks/${count}.png`;
    entries[name] = random.chance(10) ? new Uint8Array(1 << 18) : strToU8(`content ${count}`);
  }
  const bytes = zipSync(entries, { level: random.pick([0, 9]), mtime: '2026-01-01' });
  const view = new DataView(bytes.buffer);
  for (let changes = random.below(4); changes > 0; changes--) {
    const signature = random.pick([LOCAL, CENTRAL, END]);
    const found: number[] = [];
    for (let at = 0; at + 22 <= bytes.length; at++)
      if (view.getUint32(at, true) === signature) found.push(at);
    if (found.length === 0) continue;
    const [offset, size] = random.pick(FIELDS[signature]!);
    const at = random.pick(found) + offset;
    if (at + size > bytes.length) continue;
    const value = random.pick(EDGE_NUMBERS);
    if (size === 2) view.setUint16(at, value & 0xffff, true);
    else view.setUint32(at, value >>> 0, true);
  }
  return random.chance(20) ? mutateBytes(bytes, random) : bytes;
}
