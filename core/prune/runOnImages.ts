import type { SegformerGraph } from '../onnx/segformer/segformerGraph.ts';
import { floatsOf, type OpenSession } from './partSession.ts';
import type { CalibrationImages, CalibrationInput, Cancellation } from './pruneReport.ts';

/** The first images, `count` of them or all that there are. */
export async function firstImages(images: CalibrationImages, count: number): Promise<CalibrationInput[]> {
  const inputs: CalibrationInput[] = [];
  for (let i = 0; i < Math.min(count, images.count); i++) inputs.push(await images.load(i));
  return inputs;
}

interface RunOptions {
  readonly open: OpenSession;
  readonly signal?: Cancellation | undefined;
  /** Called before each image. */
  readonly onImage?: (index: number) => void;
}

/** The logits of a whole model, `onnx` being `graph`'s or of the same ends, for each image. Throws what `signal` throws. */
export async function runOnImages(
  onnx: Uint8Array<ArrayBuffer>,
  { inputName, outputName }: Pick<SegformerGraph, 'inputName' | 'outputName'>,
  inputs: readonly CalibrationInput[],
  { open, signal, onImage }: RunOptions,
): Promise<Float32Array[]> {
  const session = await open(onnx);
  try {
    const logits: Float32Array[] = [];
    for (const [index, { pixelValues, height, width }] of inputs.entries()) {
      signal?.throwIfAborted();
      onImage?.(index);
      const feeds = { [inputName]: { dims: [1, 3, height, width], data: pixelValues } };
      logits.push(floatsOf(await session.run(feeds), outputName));
    }
    return logits;
  } finally {
    await session.release();
  }
}
