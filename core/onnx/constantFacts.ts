import type { Attributes } from './attributes.ts';
import { bitsPerElement, dataTypes, isFloat, isSmallInteger } from './dataType.ts';
import type { OnnxModel } from './onnxModel.ts';
import { factOf, maxKnownElements, valuesFrom } from './operators/dims.ts';
import { requiredInput } from './operators/operator.ts';
import type { OperatorCall, OutputFacts, TensorFact } from './operators/operator.ts';
import type { TensorProto } from './proto/onnx.generated.ts';
import { elementCount, readTensor, tensorShape } from './tensor.ts';

const { INT64, INT32, FLOAT } = dataTypes;

/**
 * What is known of a constant of the file: its shape, its values where it is small, and itself as a weight where it
 * may be one (floating point, quantised, or an int32 bias; more than one element).
 *
 * @param origin the name under which its parameters are counted, once
 * @throws ProblemError `onnx.damaged` where its values do not fit its shape
 */
export function tensorFact(model: OnnxModel, tensor: TensorProto, origin: string): TensorFact {
  const type = tensor.dataType;
  const shape = tensorShape(model, tensor);
  const elements = elementCount(shape);
  const readable = (bitsPerElement(type) ?? 0) >= 8 && isNumeric(type);
  const values = elements <= maxKnownElements && readable ? readTensor(model, tensor) : undefined;
  const fact = factOf(type, shape, values && Array.from(values));
  const isWeight = elements > 1 && (isFloat(type) || isSmallInteger(type) || type === INT32);
  return isWeight ? { ...fact, weights: [{ name: origin, type, elements }] } : fact;
}

/** A Constant node's output, from whichever attribute holds it; undefined for strings and sparse tensors. */
export function constantFact(
  model: OnnxModel,
  attributes: Attributes,
  origin: string,
): TensorFact | undefined {
  const tensor = attributes.tensor('value');
  if (tensor) return tensorFact(model, tensor, origin);
  const int = attributes.int('value_int');
  if (int !== undefined) return { type: INT64, shape: [], values: [int] };
  const float = attributes.float('value_float');
  if (float !== undefined) return { type: FLOAT, shape: [], values: [float] };
  const ints = attributes.ints('value_ints');
  if (ints) return { type: INT64, shape: [ints.length], values: ints };
  const floats = attributes.floats('value_floats');
  return floats && { type: FLOAT, shape: [floats.length], values: floats };
}

/** ConstantOfShape: a shape filled with one value, float 0 unless the node says another. */
export function constantOfShapeFact(model: OnnxModel, call: OperatorCall): OutputFacts {
  const shape = requiredInput(call, 0).values;
  if (shape === undefined) return [];
  const tensor = call.attributes.tensor('value');
  const fill = tensor ? readTensor(model, tensor)?.[0] : 0;
  const filled = fill === undefined ? undefined : valuesFrom(shape, () => fill);
  return [factOf(tensor?.dataType ?? FLOAT, shape, filled)];
}

function isNumeric(type: number): boolean {
  return type !== dataTypes.COMPLEX64 && type !== dataTypes.COMPLEX128 && !isFloat8(type);
}

function isFloat8(type: number): boolean {
  return (
    type === dataTypes.FLOAT8E4M3FN ||
    type === dataTypes.FLOAT8E4M3FNUZ ||
    type === dataTypes.FLOAT8E5M2 ||
    type === dataTypes.FLOAT8E5M2FNUZ ||
    type === dataTypes.FLOAT8E8M0
  );
}
