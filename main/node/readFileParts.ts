import { open } from 'node:fs/promises';

export interface FileParts {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** The first and the last bytes of a file of `fileBytes`; the whole file as `head` where it is no longer than both. */
export async function readFileParts(
  path: string,
  fileBytes: number,
  size: { head: number; tail: number },
): Promise<FileParts> {
  const file = await open(path, 'r');
  try {
    const read = async (position: number, length: number) => {
      const buffer = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    };
    if (fileBytes <= size.head + size.tail) return { head: await read(0, fileBytes), tail: new Uint8Array() };
    return { head: await read(0, size.head), tail: await read(fileBytes - size.tail, size.tail) };
  } finally {
    await file.close();
  }
}
