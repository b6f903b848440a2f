import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import jpegFactory from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import webpFactory from '@jsquash/webp/codec/dec/webp_dec.js';
import { corruptImage } from '#core/imaging/headers/imageProblems.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';

/** What the codecs' own type files say, which need a global that they do not declare. */
interface CodecModule {
  decode(data: Uint8Array, ...options: readonly boolean[]): RgbaImage | null;
}
type CodecFactory = (options: {
  noInitialRun: boolean;
  wasmBinary: Uint8Array;
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<CodecModule>;

/** In its package; the studio's bundle is CommonJS, has no import.meta.url, and the file beside it. */
function wasmPath(file: string): string {
  const here = import.meta.url as string | undefined;
  return here === undefined ? join(__dirname, basename(file)) : createRequire(here).resolve(file);
}

/** A decoder compiled to WebAssembly: loaded once, started anew after it has failed. */
class WasmCodec {
  private readonly wasmFile: string;
  private readonly factory: CodecFactory;
  private readonly options: readonly boolean[];
  private wasm: Promise<Uint8Array> | undefined;
  private running: Promise<CodecModule> | undefined;
  /** Lines that the running decoder has printed. */
  private printed: string[] = [];

  /** `wasmFile`: as a package path. `options`: of the codec's `decode`, all of them. */
  constructor(task: { factory: unknown; wasmFile: string; options: readonly boolean[] }) {
    this.factory = task.factory as CodecFactory;
    this.wasmFile = task.wasmFile;
    this.options = task.options;
  }

  /** The picture, and the first warning that the decoder printed. Throws what the decoder throws. */
  async decode(bytes: Uint8Array): Promise<{ image: RgbaImage | null; warning: string | undefined }> {
    this.running ??= this.start();
    const codec = await this.running;
    // From here to the result nothing else runs: what is printed is about these bytes.
    this.printed = [];
    try {
      const image = codec.decode(bytes, ...this.options);
      return { image, warning: this.printed[0] };
    } catch (error) {
      // An aborted WebAssembly instance must not be used again.
      this.running = undefined;
      throw new Error(this.printed[0] ?? 'the decoder gave up', { cause: error });
    }
  }

  private async start(): Promise<CodecModule> {
    this.wasm ??= readFile(wasmPath(this.wasmFile));
    const wasmBinary = await this.wasm;
    const keep = (line: string) => {
      this.printed.push(line);
    };
    return this.factory({ noInitialRun: true, wasmBinary, print: keep, printErr: keep });
  }
}

const jpeg = new WasmCodec({
  factory: jpegFactory,
  wasmFile: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  // Not turned upright: that is done for all formats alike.
  options: [false],
});
const webp = new WasmCodec({
  factory: webpFactory,
  wasmFile: '@jsquash/webp/codec/dec/webp_dec.wasm',
  options: [],
});

/** As stored, before EXIF orientation. Throws ProblemError image.corrupt. */
export async function decodeJpeg(bytes: Uint8Array, subject: string): Promise<RgbaImage> {
  return decodeWith(jpeg, 'JPEG', bytes, subject);
}

/** As stored, before EXIF orientation. Throws ProblemError image.corrupt. */
export async function decodeWebp(bytes: Uint8Array, subject: string): Promise<RgbaImage> {
  return decodeWith(webp, 'WebP', bytes, subject);
}

async function decodeWith(
  codec: WasmCodec,
  format: string,
  bytes: Uint8Array,
  subject: string,
): Promise<RgbaImage> {
  let result: Awaited<ReturnType<WasmCodec['decode']>>;
  try {
    result = await codec.decode(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw corruptImage(subject, format, reason, { cause: error });
  }
  const { image, warning } = result;
  if (warning !== undefined && !isHarmless(warning, bytes)) {
    throw corruptImage(subject, format, warning.replace(/^Corrupt JPEG data: /, ''));
  }
  if (!image) throw corruptImage(subject, format, 'its picture data cannot be read');
  return { width: image.width, height: image.height, data: image.data };
}

/**
 * libjpeg goes on after damage, with wrong pixels and a warning. Zeros that some cameras write before the end
 * give one too, and leave the picture whole.
 */
function isHarmless(warning: string, jpegBytes: Uint8Array): boolean {
  const surplus = /(\d+) extraneous bytes before marker 0xd9/.exec(warning)?.[1];
  if (surplus === undefined) return false;
  const end = jpegBytes.length - 2 - trailingBytes(jpegBytes);
  return jpegBytes.subarray(end - Number(surplus), end).every((value) => value === 0);
}

/** Bytes after the last end-of-image marker. */
function trailingBytes(jpegBytes: Uint8Array): number {
  let at = jpegBytes.length - 2;
  while (at > 0 && (jpegBytes[at] !== 0xff || jpegBytes[at + 1] !== 0xd9)) at--;
  return jpegBytes.length - 2 - at;
}
