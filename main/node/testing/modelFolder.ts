import { buildNode, buildOnnxBytes, buildValue, floatTensor } from '#core/onnx/buildModel.ts';
import type { TemporaryFolder } from './temporaryFolder.ts';

/** One convolution that tells two classes apart: pixel_values in, logits out. */
export function tinyOnnx(): Uint8Array {
  return buildOnnxBytes({
    nodes: [buildNode('Conv', ['pixel_values', 'weight'], ['logits'])],
    initializers: [floatTensor('weight', [2, 3, 1, 1])],
    outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
  });
}

export const TINY_CONFIG = {
  model_type: 'segformer',
  num_labels: 2,
  id2label: { 0: 'Sky', 1: 'Road' },
};

/** Writes a model folder in the Hugging Face shape; `files` replaces or, with null, leaves out files. */
export async function writeModelFolder(
  folder: TemporaryFolder,
  name: string,
  files: Readonly<Record<string, string | Uint8Array | null>> = {},
): Promise<string> {
  const all: Record<string, string | Uint8Array | null> = {
    'config.json': JSON.stringify(TINY_CONFIG),
    'preprocessor_config.json': JSON.stringify({ size: { height: 64, width: 64 } }),
    'onnx/model.onnx': tinyOnnx(),
    ...files,
  };
  for (const [file, content] of Object.entries(all)) {
    if (content !== null) await folder.write(`${name}/${file}`, content);
  }
  return `${folder.path}/${name}`;
}
