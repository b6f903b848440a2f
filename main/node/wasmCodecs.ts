import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import jpegFactory from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import webpFactory from '@jsquash/webp/codec/dec/webp_dec.js';
import { corruptImage } from '#core/imaging/headers/imageProblems.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';

/** What the codecs' own type files say, which need a global that they do not declare. */
interface CodecModule {
  decode(data: Uint8Array, preserveOrientation?: boolean): RgbaImage | null;
}
type CodecFactory = (options: {
  noInitialRun: boolean;
  wasmBinary: Uint8Array;
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<CodecModule>;

/** A decoder compiled to WebAssembly: loaded once, started anew after it has failed. */
class WasmCodec {
  private readonly wasmFile: string;
  private readonly factory: CodecFactory;
  private wasm: Promise<Uint8Array> | undefined;
  private running: Promise<CodecModule> | undefined;
  /** Lines that the running decoder has printed. */
  private printed: string[] = [];

  /** `wasmFile`: as a package path. */
  constructor(factory: CodecFactory, wasmFile: string) {
    this.factory = factory;
    this.wasmFile = wasmFile;
  }

  /** The picture, and the first warning that the decoder printed. Throws what the decoder throws. */
  async decode(bytes: Uint8Array): Promise<{ image: RgbaImage | null; warning: string | undefined }> {
    this.running ??= this.start();
    const codec = await this.running;
    // From here to the result nothing else runs: what is printed is about these bytes.
    this.printed = [];
    try {
      const image = codec.decode(bytes, false);
      return { image, warning: this.printed[0] };
    } catch (error) {
      // An aborted WebAssembly instance must not be used again.
      this.running = undefined;
      throw new Error(this.printed[0] ?? 'the decoder gave up', { cause: error });
    }
  }

  private async start(): Promise<CodecModule> {
    this.wasm ??= readFile(createRequire(import.meta.url).resolve(this.wasmFile));
    const wasmBinary = await this.wasm;
    const keep = (line: string) => {
      this.printed.push(line);
    };
    return this.factory({ noInitialRun: true, wasmBinary, print: keep, printErr: keep });
  }
}

const jpeg = new WasmCodec(
  jpegFactory as unknown as CodecFactory,
  '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
);
const webp = new WasmCodec(webpFactory as unknown as CodecFactory, '@jsquash/webp/codec/dec/webp_dec.wasm');

/** libjpeg's warnings that leave the picture whole: padding that some cameras write between segments. */
const HARMLESS_JPEG_WARNING = /extraneous bytes before marker|unknown Adobe color transform/i;

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
  if (warning !== undefined && !HARMLESS_JPEG_WARNING.test(warning)) {
    throw corruptImage(subject, format, warning);
  }
  if (!image) throw corruptImage(subject, format, 'its picture data cannot be read');
  return { width: image.width, height: image.height, data: image.data };
}
