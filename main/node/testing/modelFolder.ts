import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { TemporaryFolder } from './temporaryFolder.ts';

/** The smallest bytes that are an ONNX model: an IR version and an empty graph. */
export function tinyOnnx(): Uint8Array {
  const graph = new BinaryWriter()
    .uint32((2 << 3) | 2)
    .string('graph')
    .finish();
  return new BinaryWriter()
    .uint32(1 << 3)
    .int64(9)
    .uint32((7 << 3) | 2)
    .bytes(graph)
    .finish();
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
