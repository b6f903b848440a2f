import { TensorProto_DataType } from './proto/onnx.generated.ts';

/** ONNX's number for a tensor's element type. */
export type DataType = number;

/** ONNX's numbers by name, as numbers: a file may hold types that are not among them. */
export const dataTypes: Readonly<Record<keyof typeof TensorProto_DataType, DataType>> = TensorProto_DataType;

const { FLOAT, DOUBLE, FLOAT16, BFLOAT16 } = dataTypes;
const { UINT8, INT8, UINT16, INT16, UINT4, INT4, UINT2, INT2 } = dataTypes;

/** Bits that one element takes in raw_data; strings and unknown types have none. */
const bitsOf: Partial<Record<DataType, number>> = {
  [FLOAT]: 32,
  [UINT8]: 8,
  [INT8]: 8,
  [UINT16]: 16,
  [INT16]: 16,
  [dataTypes.INT32]: 32,
  [dataTypes.INT64]: 64,
  [dataTypes.BOOL]: 8,
  [FLOAT16]: 16,
  [DOUBLE]: 64,
  [dataTypes.UINT32]: 32,
  [dataTypes.UINT64]: 64,
  [dataTypes.COMPLEX64]: 64,
  [dataTypes.COMPLEX128]: 128,
  [BFLOAT16]: 16,
  [dataTypes.FLOAT8E4M3FN]: 8,
  [dataTypes.FLOAT8E4M3FNUZ]: 8,
  [dataTypes.FLOAT8E5M2]: 8,
  [dataTypes.FLOAT8E5M2FNUZ]: 8,
  [UINT4]: 4,
  [INT4]: 4,
  [dataTypes.FLOAT4E2M1]: 4,
  [dataTypes.FLOAT8E8M0]: 8,
  [UINT2]: 2,
  [INT2]: 2,
};

/** Bits of one element, undefined where the type has no fixed size. */
export function bitsPerElement(type: DataType): number | undefined {
  return bitsOf[type];
}

/** float32, float64, float16, bfloat16. */
export function isFloat(type: DataType): boolean {
  return type === FLOAT || type === DOUBLE || type === FLOAT16 || type === BFLOAT16;
}

/** The integer types that quantised weights and activations are stored in. */
export function isSmallInteger(type: DataType): boolean {
  return [UINT8, INT8, UINT16, INT16, UINT4, INT4, UINT2, INT2].includes(type);
}

/** `float32`, `int64`, ...: the name that people use; `type 37` for one that is not known. */
export function dataTypeName(type: DataType): string {
  const name = TensorProto_DataType[type];
  if (name === undefined) return `type ${type}`;
  if (type === FLOAT) return 'float32';
  return type === DOUBLE ? 'float64' : name.toLowerCase();
}
