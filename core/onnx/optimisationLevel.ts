import { dataTypes } from './dataType.ts';
import type { OnnxModel } from './onnxModel.ts';

/**
 * How much onnxruntime is to do to a graph when it makes a session for WebAssembly. In what the studio's emitter
 * wrote in floats there is nothing left to gain, and looking takes as long as making the session: a third of the time
 * from a new keep ratio to its mask. Anything else, smaller number types too, is optimised as onnxruntime can.
 */
export function optimisationLevel(model: OnnxModel | null): 'all' | 'disabled' {
  const { producerName = '', graph } = model?.proto ?? {};
  if (producerName !== 'dynaseg' || !graph) return 'all';
  const plain = graph.initializer.every(
    ({ dataType }) => dataType === dataTypes.FLOAT || dataType === dataTypes.INT64,
  );
  return plain ? 'disabled' : 'all';
}
