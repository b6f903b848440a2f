import { closeSync, openSync, readSync } from 'node:fs';

export interface FileParts {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** The first and the last bytes of a file of `fileBytes`; the whole file as `head` where it is no longer than both. */
export function readFileParts(
  path: string,
  fileBytes: number,
  size: { head: number; tail: number },
): FileParts {
  const file = openSync(path, 'r');
  try {
    const read = (position: number, length: number) => {
      const buffer = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(file, buffer, filled, length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
      return buffer.subarray(0, filled);
    };
    if (fileBytes <= size.head + size.tail) return { head: read(0, fileBytes), tail: new Uint8Array() };
    return { head: read(0, size.head), tail: read(fileBytes - size.tail, size.tail) };
  } finally {
    closeSync(file);
  }
}
