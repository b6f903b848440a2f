import { expect, it } from 'vitest';
import { buildModel, buildOnnxBytes, floatTensor } from './buildModel.ts';
import { externalFileNames, missingExternalFiles } from './externalData.ts';
import { TensorProto_DataLocation } from './proto/onnx.generated.ts';
import type { TensorProto } from './proto/onnx.generated.ts';
import { readOnnx } from './readOnnx.ts';
import { readTensor } from './tensor.ts';

function external(name: string, location: string, offset: number, length: number): TensorProto {
  const tensor = floatTensor(name, [length / 4]);
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  const entries = { location, offset: String(offset), length: String(length) };
  for (const [key, value] of Object.entries(entries)) {
    tensor.externalData.push({ $typeName: 'onnx.StringStringEntryProto', key, value });
  }
  return tensor;
}

const bytes = buildOnnxBytes({
  nodes: [],
  initializers: [external('a', 'model.onnx_data', 4, 8), floatTensor('b', [1])],
});

it('asks for the files that hold the weights', () => {
  expect(() => readOnnx(bytes, 'model.onnx')).toThrow(
    'model.onnx: its weights are in model.onnx_data, which was not given. Keep the files that belong to a model in one folder and open that folder',
  );
  expect(externalFileNames(readOnnx(bytes, 'model.onnx', { externalFiles: 'leave' }))).toEqual([
    'model.onnx_data',
  ]);
});

it('reads tensors from them', () => {
  const data = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
  const model = readOnnx(bytes, 'model.onnx', { externalFiles: new Map([['model.onnx_data', data]]) });
  expect(missingExternalFiles(model)).toEqual([]);
  expect(Array.from(readTensor(model, model.proto.graph!.initializer[0]!)!)).toEqual([2, 3]);
});

it('says when a file is too short', () => {
  const model = readOnnx(bytes, 'model.onnx', {
    externalFiles: new Map([['model.onnx_data', new Uint8Array(8)]]),
  });
  expect(() => readTensor(model, model.proto.graph!.initializer[0]!)).toThrow(
    'model.onnx: model.onnx_data has 8 bytes, the model reads bytes 4 to 12 of it. Take both files from the same export',
  );
});

it('finds nothing outside in a model of one file', () => {
  expect(externalFileNames(buildModel({ nodes: [] }))).toEqual([]);
});
