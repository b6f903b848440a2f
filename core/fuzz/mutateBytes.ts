import type { FuzzRandom } from './fuzzRandom.ts';

/** One to four changes that know nothing of the format: bytes, bits, a cut, a part left out or doubled, a run of ones. */
export function mutateBytes(original: Uint8Array, random: FuzzRandom): Uint8Array {
  let bytes = Uint8Array.from(original);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length);
    const kind = random.below(5);
    if (kind === 0) bytes[at] = random.below(256);
    else if (kind === 1) bytes[at] = bytes[at]! ^ (1 << random.below(8));
    else if (kind === 2) bytes = bytes.slice(0, at);
    else if (kind === 3) {
      const rest = bytes.subarray(random.below(bytes.length));
      const joined = new Uint8Array(at + rest.length);
      joined.set(bytes.subarray(0, at));
      joined.set(rest, at);
      bytes = joined;
    } else bytes.fill(0xff, at, at + 1 + random.below(10));
  }
  return bytes;
}

/** Numbers at which lengths and offsets go wrong: around powers of two, and the largest of each width. */
export const EDGE_NUMBERS: readonly number[] = [
  0,
  1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  32_767,
  32_768,
  65_535,
  65_536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
