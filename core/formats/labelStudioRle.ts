import { ProblemError } from '../problem.ts';

/*
 * Label Studio's brush: a bit stream, the highest bit of each byte first. u32 number of values; 5 bits word size less
 * one; four times 4 bits: the sizes less one that a length may take; then records: 1 bit "run", 2 bits which size, the
 * length less one, and one word (run) or as many as the length says. The values are RGBA, interleaved; alpha says what
 * is painted. It is not COCO's encoding.
 */
const WORD = 8;
const SIZES = [3, 4, 8, 16] as const;
const CHANNELS = 4;
/** Alpha from here on is painted. */
const PAINTED = 128;

/** `isPainted(pixel)` for each of width * height pixels, as Label Studio stores it. */
export function encodeBrush(pixels: number, isPainted: (pixel: number) => boolean): Uint8Array {
  const out = new BitWriter();
  out.write(pixels * CHANNELS, 32);
  out.write(WORD - 1, 5);
  for (const size of SIZES) out.write(size - 1, 4);
  for (let at = 0; at < pixels;) {
    const painted = isPainted(at);
    const start = at;
    while (at < pixels && isPainted(at) === painted) at++;
    // Painted is white and opaque: the four channels of every pixel are alike, and a run of pixels is one of values.
    for (let rest = (at - start) * CHANNELS; rest > 0;) {
      const length = Math.min(rest, 2 ** SIZES[3]);
      const index = SIZES.findIndex((size) => length <= 2 ** size);
      out.write(1, 1);
      out.write(index, 2);
      out.write(length - 1, SIZES[index]!);
      out.write(painted ? 255 : 0, WORD);
      rest -= length;
    }
  }
  return out.bytes();
}

/** Calls `paint` for every pixel whose alpha is 128 or more. Throws `labelStudio.rle`. */
export function decodeBrush(
  rle: Uint8Array,
  pixels: number,
  subject: string,
  paint: (pixel: number) => void,
): void {
  const bits = new BitReader(rle, subject);
  const count = bits.read(32);
  if (count !== pixels * CHANNELS) {
    throw broken(subject, `${count} values for ${pixels} pixels of four channels`);
  }
  const word = bits.read(5) + 1;
  const sizes = [bits.read(4) + 1, bits.read(4) + 1, bits.read(4) + 1, bits.read(4) + 1];
  for (let at = 0; at < count;) {
    const isRun = bits.read(1) === 1;
    const size = sizes[bits.read(2)]!;
    const end = at + bits.read(size) + 1;
    if (end > count) throw broken(subject, `its runs have more than ${count} values`);
    if (isRun) {
      const painted = bits.read(word) >= PAINTED;
      if (painted) for (let n = at + ((7 - at) & 3); n < end; n += CHANNELS) paint(n >> 2);
      at = end;
    } else {
      for (; at < end; at++) if (bits.read(word) >= PAINTED && (at & 3) === 3) paint(at >> 2);
    }
  }
}

class BitWriter {
  private readonly out: number[] = [];
  private held = 0;
  private count = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.held = (this.held << 1) | (Math.floor(value / 2 ** bit) & 1);
      if (++this.count === 8) {
        this.out.push(this.held);
        this.held = 0;
        this.count = 0;
      }
    }
  }

  bytes(): Uint8Array {
    const last = this.count > 0 ? [this.held << (8 - this.count)] : [];
    return Uint8Array.from([...this.out, ...last]);
  }
}

class BitReader {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly subject: string,
  ) {}

  read(bits: number): number {
    if (this.at + bits > this.bytes.length * 8)
      throw broken(this.subject, `it ends after ${this.bytes.length} bytes`);
    let value = 0;
    for (let n = 0; n < bits; n++, this.at++) {
      value = value * 2 + ((this.bytes[this.at >> 3]! >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }
}

function broken(subject: string, title: string): ProblemError {
  return new ProblemError({ code: 'labelStudio.rle', title: `broken brush encoding: ${title}`, subject });
}
