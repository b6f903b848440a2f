import { readFileSync } from 'node:fs';
import { errorCode } from './fileProblem.ts';

/*
 * SQLite's write-ahead log, https://www.sqlite.org/fileformat2.html#walformat: a header of 32 bytes (magic, version,
 * page size, number, two salts, two checksums), then frames of 24 bytes and a page (page number, size of the
 * database where the frame ends a transaction else 0, the salts, two checksums). Frames of other salts are left
 * from before the log was begun anew.
 */
const HEADER = 32;
const FRAME_HEADER = 24;
const SALTS_AT = 16;
const SALTS_BYTES = 8;

/**
 * Whether the log of a database ends in a frame that was not written as a whole, or was spoilt since. SQLite
 * silently leaves out such a frame and everything behind it.
 */
export function isLogCut(file: string): boolean {
  let log: Buffer;
  try {
    log = readFileSync(`${file}-wal`);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  if (log.length === 0) return false;
  if (log.length < HEADER) return true;
  const isBigEndian = (log.readUInt32BE(0) & 1) === 1;
  const salts = log.subarray(SALTS_AT, SALTS_AT + SALTS_BYTES);
  const frameBytes = FRAME_HEADER + log.readUInt32BE(8);
  let sums = checksum(log.subarray(0, 24), [0, 0], isBigEndian);
  if (!isStated(log, 24, sums)) return true;
  for (let at = HEADER; at < log.length; at += frameBytes) {
    const frame = log.subarray(at, at + frameBytes);
    if (!frame.subarray(8, 16).equals(salts)) return false;
    if (frame.length < frameBytes) return true;
    sums = checksum(frame.subarray(0, 8), sums, isBigEndian);
    sums = checksum(frame.subarray(FRAME_HEADER), sums, isBigEndian);
    if (!isStated(frame, 16, sums)) return true;
  }
  return false;
}

type Sums = readonly [number, number];

const isStated = (bytes: Buffer, at: number, [first, second]: Sums) =>
  bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;

function checksum(bytes: Buffer, [first, second]: Sums, isBigEndian: boolean): Sums {
  const word = (at: number) => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let [a, b] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + word(at) + b) >>> 0;
    b = (b + word(at + 4) + a) >>> 0;
  }
  return [a, b];
}
