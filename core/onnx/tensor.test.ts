import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { buildModel, floatTensor, intTensor, rawTensor } from './buildModel.ts';
import { dataTypes } from './dataType.ts';
import { TensorProto_DataLocation, TensorProtoSchema } from './proto/onnx.generated.ts';
import { readTensor, tensorShape } from './tensor.ts';

const model = buildModel({ nodes: [] });
const bytesOf = (values: { buffer: ArrayBuffer }) => new Uint8Array(values.buffer);

function typed(dataType: number, values: number[]) {
  return create(TensorProtoSchema, {
    name: 't',
    dataType,
    dims: [BigInt(values.length)],
    int32Data: values,
  });
}

describe('raw_data', () => {
  it.each([
    ['float32', dataTypes.FLOAT, bytesOf(Float32Array.of(1.5, -2)), [1.5, -2]],
    ['float64', dataTypes.DOUBLE, bytesOf(Float64Array.of(0.1, -2)), [0.1, -2]],
    ['float16', dataTypes.FLOAT16, bytesOf(Uint16Array.of(0x3c00, 0xc500)), [1, -5]],
    ['bfloat16', dataTypes.BFLOAT16, bytesOf(Uint16Array.of(0x3f80, 0xc0a0)), [1, -5]],
    ['int64', dataTypes.INT64, bytesOf(BigInt64Array.of(-3n, 5_000_000_000n)), [-3, 5_000_000_000]],
    ['int32', dataTypes.INT32, bytesOf(Int32Array.of(-3, 7)), [-3, 7]],
    ['int8', dataTypes.INT8, Uint8Array.of(255, 7), [-1, 7]],
    ['uint8', dataTypes.UINT8, Uint8Array.of(255, 7), [255, 7]],
    ['bool', dataTypes.BOOL, Uint8Array.of(1, 0), [1, 0]],
  ])('of %s', (_, type, bytes, values) => {
    expect(Array.from(readTensor(model, rawTensor('t', [2], type, bytes))!)).toEqual(values);
  });

  it('may begin at any byte', () => {
    const bytes = Uint8Array.of(9, ...bytesOf(Float32Array.of(1.5)));
    const tensor = rawTensor('t', [1], dataTypes.FLOAT, bytes.subarray(1));
    expect(Array.from(readTensor(model, tensor)!)).toEqual([1.5]);
  });
});

describe('typed fields', () => {
  it('hold small integers and halves in int32', () => {
    expect(Array.from(readTensor(model, typed(dataTypes.INT8, [-1, 7]))!)).toEqual([-1, 7]);
    expect(Array.from(readTensor(model, typed(dataTypes.UINT8, [255]))!)).toEqual([255]);
    expect(Array.from(readTensor(model, typed(dataTypes.BOOL, [1, 0]))!)).toEqual([1, 0]);
    expect(Array.from(readTensor(model, typed(dataTypes.INT32, [-70000]))!)).toEqual([-70000]);
    expect(Array.from(readTensor(model, typed(dataTypes.FLOAT16, [0x3c00]))!)).toEqual([1]);
  });

  it('hold floats and int64', () => {
    const floats = create(TensorProtoSchema, { dataType: dataTypes.FLOAT, dims: [1n], floatData: [0.5] });
    expect(Array.from(readTensor(model, floats)!)).toEqual([0.5]);
    expect(Array.from(readTensor(model, intTensor('t', 9))!)).toEqual([9]);
  });
});

describe('what cannot be read', () => {
  it('is named with its tensor', () => {
    expect(() => readTensor(model, rawTensor('w', [3], dataTypes.FLOAT, new Uint8Array(8)))).toThrow(
      'model.onnx: tensor "w" has 2 values for the shape 3. Copy, download or export the file again',
    );
    expect(() => readTensor(model, rawTensor('w', [2], dataTypes.FLOAT, new Uint8Array(7)))).toThrow(
      'model.onnx: tensor "w" has 7 bytes, not a multiple of 4',
    );
    expect(() => readTensor(model, typed(dataTypes.STRING, [1]))).toThrow(
      'model.onnx: tensor "t" holds string values, which cannot be read as numbers',
    );
    expect(() => tensorShape(model, create(TensorProtoSchema, { name: 'w', dims: [-2n] }))).toThrow(
      'model.onnx: tensor "w" has a dimension of -2',
    );
  });

  it('is nothing where the file with the values was not given', () => {
    const tensor = floatTensor('w', [2]);
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    expect(readTensor(model, tensor)).toBeUndefined();
  });

  it('is nothing of an empty tensor', () => {
    expect(readTensor(model, floatTensor('w', [0]))).toHaveLength(0);
  });
});
