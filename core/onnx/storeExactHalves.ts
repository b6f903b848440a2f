import { buildNode, rawTensor } from './buildModel.ts';
import { dataTypes } from './dataType.ts';
import { float16ToFloat32, numberToFloat16 } from './float16.ts';
import type { OnnxModel } from './onnxModel.ts';
import type { NodeProto, TensorProto } from './proto/onnx.generated.ts';
import { readTensor, tensorShape } from './tensor.ts';

/** Smaller ones are not worth a node. */
const SMALLEST = 256;

/**
 * Stores those float32 weights in half the bytes that lose nothing by it, in place: weights that came out of a float16
 * file. A Cast that runs once, when a session is made, gives them back.
 */
export function storeExactHalves(model: OnnxModel): void {
  const { graph } = model.proto;
  if (!graph) return;
  const casts: NodeProto[] = [];
  graph.initializer = graph.initializer.map((tensor) => {
    const half = exactHalf(model, tensor);
    if (!half) return tensor;
    casts.push(buildNode('Cast', [half.name], [tensor.name], { to: dataTypes.FLOAT }));
    return half;
  });
  graph.node = [...casts, ...graph.node];
}

function exactHalf(model: OnnxModel, tensor: TensorProto): TensorProto | null {
  if (tensor.dataType !== dataTypes.FLOAT) return null;
  const shape = tensorShape(model, tensor);
  const values = readTensor(model, tensor);
  if (!values || values.length < SMALLEST) return null;
  const halves = Uint16Array.from(values, numberToFloat16);
  if (float16ToFloat32(halves).some((value, i) => value !== values[i])) return null;
  return rawTensor(`${tensor.name}.f16`, shape, dataTypes.FLOAT16, new Uint8Array(halves.buffer));
}
