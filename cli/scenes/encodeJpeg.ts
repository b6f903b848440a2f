import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import encoderFactory from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import { defaultOptions } from '@jsquash/jpeg/meta.js';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';

/** What the codec's own type file says, which needs a global that it does not declare. */
interface Encoder {
  encode(data: Uint8ClampedArray, width: number, height: number, options: object): Uint8Array;
}
type EncoderFactory = (options: { noInitialRun: boolean; wasmBinary: Uint8Array }) => Promise<Encoder>;

let running: Promise<Encoder> | undefined;

/** A JPEG by MozJPEG. `quality`: 1 to 100. The same picture always gives the same bytes. */
export async function encodeJpeg(image: RgbaImage, quality: number): Promise<Uint8Array> {
  running ??= start();
  const encoder = await running;
  // The optimiser's search for a smaller file takes three times as long as rendering the scene.
  const options = { ...defaultOptions, quality, progressive: false, trellis_multipass: false };
  // The answer is a view of the encoder's own memory.
  return encoder.encode(image.data, image.width, image.height, options).slice();
}

async function start(): Promise<Encoder> {
  const wasmFile = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
  const wasmBinary = await readFile(wasmFile);
  return (encoderFactory as unknown as EncoderFactory)({ noInitialRun: true, wasmBinary });
}
