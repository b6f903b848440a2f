/**
 * The beginning and the end of a file, addressed by offsets in the file; what lies between was not read.
 * Multi-byte numbers are big-endian unless the name says `Le`.
 */
export class FileWindow {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly fileBytes: number;
  private readonly tailStart: number;

  /** `tail`: the last bytes of the file, may overlap `head`. */
  constructor(options: { head: Uint8Array; fileBytes: number; tail?: Uint8Array }) {
    this.head = options.head;
    this.fileBytes = options.fileBytes;
    this.tail = options.tail ?? options.head.subarray(options.head.length);
    this.tailStart = options.fileBytes - this.tail.length;
  }

  /** The head is the whole file. */
  get whole(): boolean {
    return this.head.length >= this.fileBytes;
  }

  /** `length` bytes at `offset`, or null where they were not read or the file has ended. */
  slice(offset: number, length: number): Uint8Array | null {
    if (offset + length <= this.head.length) return this.head.subarray(offset, offset + length);
    const inTail = offset - this.tailStart;
    return inTail >= 0 && inTail + length <= this.tail.length
      ? this.tail.subarray(inTail, inTail + length)
      : null;
  }

  uint8(offset: number): number | null {
    return this.slice(offset, 1)?.[0] ?? null;
  }

  uint16(offset: number): number | null {
    const bytes = this.slice(offset, 2);
    return bytes && (bytes[0]! << 8) | bytes[1]!;
  }

  uint32(offset: number): number | null {
    const bytes = this.slice(offset, 4);
    return bytes && ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  }

  uint16Le(offset: number): number | null {
    const bytes = this.slice(offset, 2);
    return bytes && (bytes[1]! << 8) | bytes[0]!;
  }

  uint32Le(offset: number): number | null {
    const bytes = this.slice(offset, 4);
    return bytes && ((bytes[3]! << 24) | (bytes[2]! << 16) | (bytes[1]! << 8) | bytes[0]!) >>> 0;
  }

  /** Four characters, or null. */
  tag(offset: number): string | null {
    const bytes = this.slice(offset, 4);
    return bytes && String.fromCharCode(...bytes);
  }

  /** Whether the bytes occur at or after `from`, in what was read. */
  hasAfter(from: number, pattern: readonly number[]): boolean {
    return occurs(this.tail, from - this.tailStart, pattern) || occurs(this.head, from, pattern);
  }
}

/** From the end, as what is looked for stands there. */
function occurs(bytes: Uint8Array, from: number, pattern: readonly number[]): boolean {
  const first = Math.max(0, from);
  for (let at = bytes.length - pattern.length; at >= first; at--) {
    if (pattern.every((value, index) => bytes[at + index] === value)) return true;
  }
  return false;
}
