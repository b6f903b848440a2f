import { readFileSync } from 'node:fs';
import {
  PROBE_HEAD_BYTES,
  PROBE_TAIL_BYTES,
  probeImage,
  type ImageHeader,
} from '#core/imaging/probeImage.ts';
import { ProblemError } from '#core/problem.ts';
import { readFileParts } from './readFileParts.ts';

/** Nearly every header fits; where one does not, more is read. */
const FIRST_HEAD_BYTES = 32 * 1024;
/** The most that is read of one file to look for a header or an end that is not where it should be. */
const MAX_WHOLE_BYTES = 512 * 1024 * 1024;

const ASK_AGAIN = new Set(['image.headerTooLong', 'image.truncated']);

/** Reads an image's header from as little of the file as will do. Throws what probeImage throws. */
export function readImageHeader(path: string, name: string, fileBytes: number): ImageHeader {
  for (const headBytes of [FIRST_HEAD_BYTES, PROBE_HEAD_BYTES]) {
    const { head, tail } = readFileParts(path, fileBytes, { head: headBytes, tail: PROBE_TAIL_BYTES });
    const whole = head.length >= fileBytes;
    try {
      return probeImage(head, whole ? { subject: name } : { subject: name, fileBytes, tail });
    } catch (error) {
      const mayBeWrong = error instanceof ProblemError && ASK_AGAIN.has(error.problem.code);
      if (whole || !mayBeWrong || fileBytes > MAX_WHOLE_BYTES) throw error;
    }
  }
  return probeImage(readFileSync(path), { subject: name });
}
