import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { create } from '@bufbuild/protobuf';
import type { ModelMapping } from '#core/models/modelMapping.ts';
import { StringStringEntryProtoSchema, TensorProto_DataLocation } from '#core/onnx/proto/onnx.generated.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { readTensor } from '#core/onnx/tensor.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { hashFile } from './fileHasher.ts';
import { OptimisedModels } from './optimisedModels.ts';
import { tinyOnnx } from './testing/modelFolder.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const student = fileURLToPath(
  new URL('../../models/dynasegformer-b0-street-k70/onnx/model.onnx', import.meta.url),
);

test('a student is optimised, and the form has the outputs of its file', async () => {
  await using folder = await temporaryFolder();
  const model = { onnxFile: student, sha256: await hashFile(student) };
  const served = await new OptimisedModels(folder.path).fileFor(model, 'wasm');
  expect(served).toMatchObject({ optimised: true, reason: null });
  const outputs = async (path: string) =>
    readOnnx(await readFile(path), 'form')
      .proto.graph?.output.map(({ name }) => name)
      .sort();
  expect(await outputs(served.path)).toEqual(await outputs(student));
  expect(await hashFile(student)).toBe(model.sha256);
});

test('a form is made once, and again where it or its note is damaged', async () => {
  await using folder = await temporaryFolder();
  const bytes = new Uint8Array(2000).fill(7);
  const optimise = vi.fn(() => Promise.resolve({ optimised: true, bytes } as const));
  const models = new OptimisedModels(folder.path, optimise);
  const model = { onnxFile: join(folder.path, 'no.onnx'), sha256: 'a'.repeat(64) };
  const [first, same] = await Promise.all([models.fileFor(model, 'wasm'), models.fileFor(model, 'wasm')]);
  expect(same).toEqual(first);
  expect(await new OptimisedModels(folder.path, optimise).fileFor(model, 'wasm')).toEqual(first);
  expect(optimise).toHaveBeenCalledTimes(1);

  await writeFile(first.path, bytes.subarray(0, 1000));
  await models.fileFor(model, 'wasm');
  expect(optimise).toHaveBeenCalledTimes(2);
  expect((await readFile(first.path)).length).toBe(2000);

  await writeFile(first.path.replace('.onnx', '.json'), '{"optim');
  await models.fileFor(model, 'wasm');
  expect(optimise).toHaveBeenCalledTimes(3);
});

test('a model that is no SegFormer runs as it is', async () => {
  await using folder = await temporaryFolder();
  const onnxFile = await folder.write('other/model.onnx', tinyOnnx());
  const models = new OptimisedModels(join(folder.path, 'cache'));
  const model = { onnxFile, sha256: await hashFile(onnxFile) };
  const served = await models.fileFor(model, 'wasm');
  expect(served).toEqual({
    path: onnxFile,
    optimised: false,
    reason: 'head: expected a ReLU before the classifier, found the picture',
  });
});

test('weights beside a graph are a part of what it is', async () => {
  await using folder = await temporaryFolder();
  const onnxFile = await folder.write('model.onnx', 'graph');
  await folder.write('model.onnx_data', 'weights');
  const none = { optimised: false, recognised: false, where: 'head', expected: 'a', found: 'b' } as const;
  const optimise = vi.fn(() => Promise.resolve(none));
  const models = new OptimisedModels(join(folder.path, 'cache'), optimise);
  const model = { onnxFile, sha256: 'a'.repeat(64) };
  await models.fileFor(model, 'wasm');
  await models.fileFor(model, 'wasm');
  expect(optimise).toHaveBeenCalledTimes(1);
  await folder.write('model.onnx_data', 'other weights');
  expect(await models.fileFor(model, 'wasm')).toMatchObject({ reason: 'head: expected a, found b' });
  expect(optimise).toHaveBeenCalledTimes(2);
});

test('forms of an older optimiser are forgotten', async () => {
  await using folder = await temporaryFolder();
  await folder.write(`${'b'.repeat(64)}-0-wasm.onnx`, 'old');
  const bytes = new Uint8Array([1, 2, 3]);
  const models = new OptimisedModels(folder.path, () => Promise.resolve({ optimised: true, bytes }));
  await models.fileFor({ onnxFile: '/nowhere/model.onnx', sha256: 'a'.repeat(64) }, 'wasm');
  expect((await readdir(folder.path)).every((name) => name.startsWith('aaaa'))).toBe(true);
});

test('an optimiser that fails leaves the original, with the reason', async () => {
  await using folder = await temporaryFolder();
  const models = new OptimisedModels(folder.path, () => Promise.reject(new Error('out of memory')));
  expect(await models.fileFor({ onnxFile: '/m.onnx', sha256: 'a'.repeat(64) }, 'webgpu')).toEqual({
    path: '/m.onnx',
    optimised: false,
    reason: 'out of memory',
  });
});

test('weights beside a graph are within the form that runs', async () => {
  await using folder = await temporaryFolder();
  const onnxFile = await folder.write('model.onnx', outsideWeights());
  const weights = Float32Array.of(1, 2, 3, 4, 5, 6);
  await folder.write('model.onnx_data', new Uint8Array(weights.buffer));
  const model = { onnxFile, sha256: 'a'.repeat(64) };
  const served = await new OptimisedModels(join(folder.path, 'cache')).fileFor(model, 'plain');
  expect(served.path).not.toBe(onnxFile);
  const form = readOnnx(await readFile(served.path), 'form');
  expect(Array.from(readTensor(form, form.proto.graph!.initializer[0]!)!)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a graph that has to be adapted never runs as its file is', async () => {
  await using folder = await temporaryFolder();
  const mapping: ModelMapping = {
    input: { name: 'gone', layout: 'NHWC', colours: 'rgb' },
    output: { name: 'logits', layout: 'NCHW', meaning: 'logits' },
    classes: 2,
  };
  const onnxFile = await folder.write('model.onnx', tinyOnnx());
  const models = new OptimisedModels(join(folder.path, 'cache'));
  await expect(models.fileFor({ onnxFile, sha256: 'a'.repeat(64), mapping }, 'wasm')).rejects.toThrow(
    `${onnxFile}: its graph cannot be brought into the form that the studio runs. model.onnx: it has no input "gone". It has pixel_values (float32)`,
  );
});

/** tinyOnnx with its weight in model.onnx_data. */
function outsideWeights(): Uint8Array {
  const model = readOnnx(tinyOnnx(), 'model.onnx');
  const weight = model.proto.graph!.initializer[0]!;
  weight.rawData = new Uint8Array();
  weight.floatData = [];
  weight.dataLocation = TensorProto_DataLocation.EXTERNAL;
  weight.externalData = [
    create(StringStringEntryProtoSchema, { key: 'location', value: 'model.onnx_data' }),
    create(StringStringEntryProtoSchema, { key: 'length', value: '24' }),
  ];
  return writeOnnx(model);
}
