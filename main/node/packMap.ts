import { deflate, inflateSync } from 'node:zlib';
import { promisify } from 'node:util';
import { MAX_PIXELS } from '#core/imaging/probeImage.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { ProblemError } from '#core/problem.ts';

/** Class maps are mostly runs: more effort than this saves little. */
const LEVEL = 3;
const MOST_BYTES_PER_ID = 2;
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

/**
 * The ids again, in memory of their own. `mostBytes`: few bytes of a file from elsewhere may say that they are very
 * many. Throws ProblemError `project.corrupt` for what no studio packed.
 */
export function unpackMap(
  packed: Uint8Array,
  mostBytes = MAX_PIXELS * MOST_BYTES_PER_ID,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const [bytesPerId] = packed;
  const bytes = inflate(packed.subarray(1), mostBytes);
  if (bytesPerId === 1) return bytes;
  if (bytesPerId !== 2 || bytes.length % 2 !== 0) throw senseless(`ids of ${bytesPerId} bytes`);
  return new Uint16Array(bytes.buffer);
}

function inflate(packed: Uint8Array, maxOutputLength: number): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(inflateSync(packed, { maxOutputLength }));
  } catch (error) {
    throw senseless(error instanceof Error ? error.message : String(error), error);
  }
}

function senseless(detail: string, cause?: unknown): ProblemError {
  return new ProblemError(
    {
      code: 'project.corrupt',
      title: 'a class map in the project file cannot be read',
      detail,
      hint: 'Remove the evaluation that it belongs to and run it again',
    },
    { cause },
  );
}
