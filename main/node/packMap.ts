import { deflate, inflateSync } from 'node:zlib';
import { promisify } from 'node:util';
import type { ClassIds } from '#core/mask/classMap.ts';

/** Class maps are mostly runs: more effort than this saves little. */
const LEVEL = 3;
const deflateAsync = promisify(deflate);

/** Class ids for a project file: one byte that says how many bytes an id has, then the ids, deflated. */
export async function packMap(ids: ClassIds): Promise<Uint8Array> {
  const bytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
  const packed = await deflateAsync(bytes, { level: LEVEL });
  const whole = new Uint8Array(packed.length + 1);
  whole[0] = ids.BYTES_PER_ELEMENT;
  whole.set(packed, 1);
  return whole;
}

/** The ids again, in memory of their own. */
export function unpackMap(packed: Uint8Array): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const bytes = Uint8Array.from(inflateSync(packed.subarray(1)));
  return packed[0] === 2 ? new Uint16Array(bytes.buffer) : bytes;
}
