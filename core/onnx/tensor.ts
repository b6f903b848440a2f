import { ProblemError } from '../problem.ts';
import { bitsPerElement, dataTypeName, dataTypes } from './dataType.ts';
import { externalBytes, externalLocation } from './externalData.ts';
import { bfloat16ToNumber, float16ToFloat32 } from './float16.ts';
import type { OnnxModel } from './onnxModel.ts';
import type { TensorProto } from './proto/onnx.generated.ts';

/** A tensor's values in row-major order, in the narrowest of these that holds every value of its type. */
export type TensorData =
  Float32Array | Float64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/**
 * A tensor's dimensions, outermost first; [] for a scalar.
 *
 * @throws ProblemError `onnx.damaged` for a dimension that is negative or too large to be one
 */
export function tensorShape(model: OnnxModel, tensor: TensorProto): number[] {
  return tensor.dims.map((dim) => {
    const size = Number(dim);
    if (size < 0 || !Number.isSafeInteger(size)) throw damaged(model, tensor, `has a dimension of ${dim}`);
    return size;
  });
}

/** The number of elements of a shape; 1 for a scalar's []. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/**
 * Reads the values of an initializer or constant, from raw_data, from the typed fields or from external data.
 *
 * float16 and bfloat16 come as float32, bool as 0 and 1. int64 and uint64 come as float64: exact up to 2^53, which
 * covers every shape and index; the INT64_MAX that stands for "to the end" becomes 2^63.
 *
 * @returns undefined where the values are in a file that was not given
 * @throws ProblemError `onnx.tensorType` for strings, complex numbers and types under 8 bits; `onnx.damaged` where
 *   the number of values does not fit the shape
 */
export function readTensor(model: OnnxModel, tensor: TensorProto): TensorData | undefined {
  const count = elementCount(tensorShape(model, tensor));
  const location = externalLocation(tensor);
  if (location) {
    const bytes = externalBytes(model, location);
    return bytes && checked(model, tensor, count, readRaw(model, tensor, bytes));
  }
  const data =
    tensor.rawData.length > 0 || count === 0
      ? readRaw(model, tensor, tensor.rawData)
      : readTyped(model, tensor);
  return checked(model, tensor, count, data);
}

function checked(model: OnnxModel, tensor: TensorProto, count: number, data: TensorData): TensorData {
  if (data.length === count) return data;
  throw damaged(model, tensor, `has ${data.length} values for the shape ${tensor.dims.join('x')}`);
}

function readRaw(model: OnnxModel, tensor: TensorProto, bytes: Uint8Array): TensorData {
  const bits = bitsPerElement(tensor.dataType);
  if (bits === undefined || bits < 8) throw unsupported(model, tensor);
  if (bytes.length % (bits / 8) !== 0) {
    throw damaged(model, tensor, `has ${bytes.length} bytes, not a multiple of ${bits / 8}`);
  }
  // A copy, because a view of 4-byte numbers must begin at a multiple of 4. Little-endian like every machine that
  // the studio runs on.
  const { buffer } = new Uint8Array(bytes);
  switch (tensor.dataType) {
    case dataTypes.FLOAT:
      return new Float32Array(buffer);
    case dataTypes.DOUBLE:
      return new Float64Array(buffer);
    case dataTypes.FLOAT16:
      return float16ToFloat32(new Uint16Array(buffer));
    case dataTypes.BFLOAT16:
      return Float32Array.from(new Uint16Array(buffer), bfloat16ToNumber);
    case dataTypes.INT64:
      return toFloat64(new BigInt64Array(buffer));
    case dataTypes.UINT64:
      return toFloat64(new BigUint64Array(buffer));
    case dataTypes.INT32:
      return new Int32Array(buffer);
    case dataTypes.UINT32:
      return new Uint32Array(buffer);
    case dataTypes.INT16:
      return new Int16Array(buffer);
    case dataTypes.UINT16:
      return new Uint16Array(buffer);
    case dataTypes.INT8:
      return new Int8Array(buffer);
    case dataTypes.UINT8:
    case dataTypes.BOOL:
      return new Uint8Array(buffer);
    default:
      throw unsupported(model, tensor);
  }
}

/** The typed fields: small integers and halves are stored one per int32. */
function readTyped(model: OnnxModel, tensor: TensorProto): TensorData {
  switch (tensor.dataType) {
    case dataTypes.FLOAT:
      return Float32Array.from(tensor.floatData);
    case dataTypes.DOUBLE:
      return Float64Array.from(tensor.doubleData);
    case dataTypes.FLOAT16:
      return float16ToFloat32(Uint16Array.from(tensor.int32Data));
    case dataTypes.BFLOAT16:
      return Float32Array.from(tensor.int32Data, bfloat16ToNumber);
    case dataTypes.INT64:
      return toFloat64(tensor.int64Data);
    case dataTypes.UINT64:
      return toFloat64(tensor.uint64Data);
    case dataTypes.UINT32:
      return Uint32Array.from(tensor.uint64Data, Number);
    case dataTypes.INT32:
      return Int32Array.from(tensor.int32Data);
    case dataTypes.INT16:
      return Int16Array.from(tensor.int32Data);
    case dataTypes.UINT16:
      return Uint16Array.from(tensor.int32Data);
    case dataTypes.INT8:
      return Int8Array.from(tensor.int32Data);
    case dataTypes.UINT8:
    case dataTypes.BOOL:
      return Uint8Array.from(tensor.int32Data);
    default:
      throw unsupported(model, tensor);
  }
}

function toFloat64(values: ArrayLike<bigint>): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = Number(values[i]);
  return out;
}

function damaged(model: OnnxModel, tensor: TensorProto, what: string): ProblemError {
  return new ProblemError({
    code: 'onnx.damaged',
    subject: model.subject,
    title: `tensor "${tensor.name}" ${what}`,
    hint: 'Copy, download or export the file again',
  });
}

function unsupported(model: OnnxModel, tensor: TensorProto): ProblemError {
  return new ProblemError({
    code: 'onnx.tensorType',
    subject: model.subject,
    title: `tensor "${tensor.name}" holds ${dataTypeName(tensor.dataType)} values, which cannot be read as numbers`,
  });
}
