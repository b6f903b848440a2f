import { expect, test } from 'vitest';
import {
  filesOfVariant,
  hubFiles,
  hubTreeSchema,
  hubVariants,
  parseHubAddress,
  pickVariant,
} from './hubRepository.ts';

test.each([
  ['nvidia/segformer-b0', 'nvidia/segformer-b0', 'main'],
  [' nvidia/segformer-b0@v1.0 ', 'nvidia/segformer-b0', 'v1.0'],
  ['https://huggingface.co/nvidia/segformer-b0', 'nvidia/segformer-b0', 'main'],
  ['hf.co/nvidia/segformer-b0/tree/refs/pr/3/', 'nvidia/segformer-b0', 'refs/pr/3'],
  ['https://mirror.example/a/b/blob/dev/onnx/model.onnx', 'a/b', 'dev'],
  ['gpt2', 'gpt2', 'main'],
])('%s', (text, repository, revision) => {
  expect(parseHubAddress(text)).toEqual({ repository, revision });
});

test.each(['', '../x', 'a/../b', 'a/b/c', 'a/b@', 'a/b@x@y', 'a b/c', 'a/b@../..', '.hidden/x', 'a--b/c'])(
  'no repository: %j',
  (text) => {
    expect(() => parseHubAddress(text)).toThrow('not the name of a repository. Write org/name');
  },
);

const oid = 'a'.repeat(40);
const large = { oid: 'b'.repeat(64), size: 5000 };
const files = hubFiles(
  hubTreeSchema.parse([
    { type: 'directory', path: 'onnx', oid },
    { type: 'file', path: 'config.json', size: 10, oid },
    { type: 'file', path: 'config.json/../../evil.json', size: 10, oid },
    { type: 'file', path: 'pytorch_model.bin', size: 130, oid, lfs: large },
    { type: 'file', path: 'onnx/model.onnx', size: 130, oid, lfs: large },
    { type: 'file', path: 'onnx/model.onnx_data', size: 130, oid, lfs: { ...large, size: 70 } },
    { type: 'file', path: 'onnx/model_quantized.onnx', size: 400, oid },
    { type: 'file', path: 'onnx/model_fp16.onnx', size: 600, oid },
    { type: 'file', path: 'deep/er/model.onnx', size: 600, oid },
  ]),
);

test('the ONNX files of a repository, the best first, with the weights beside them', () => {
  expect(files.map(({ path }) => path)).not.toContain('config.json/../../evil.json');
  expect(hubVariants(files)).toEqual([
    { file: 'onnx/model.onnx', bytes: 5070, precision: 'fp32' },
    { file: 'onnx/model_fp16.onnx', bytes: 600, precision: 'fp16' },
    { file: 'onnx/model_quantized.onnx', bytes: 400, precision: 'int8' },
  ]);
  expect(filesOfVariant(files, 'onnx/model.onnx').map(({ path, hash }) => `${path} ${hash.kind}`)).toEqual([
    'config.json git',
    'onnx/model.onnx_data sha256',
    'onnx/model.onnx sha256',
  ]);
});

test('a variant by its path, its name or its precision', () => {
  const variants = hubVariants(files);
  const picked = (asked?: string) => pickVariant(variants, asked, 'a/b').file;
  expect(picked()).toBe('onnx/model.onnx');
  expect(picked('model')).toBe('onnx/model.onnx');
  expect(picked('int8')).toBe('onnx/model_quantized.onnx');
  expect(picked('quantized')).toBe('onnx/model_quantized.onnx');
  expect(() => picked('q4')).toThrow(
    'a/b: it has no ONNX file "q4". It has onnx/model.onnx (fp32), onnx/model_fp16.onnx (fp16), onnx/model_quantized.onnx (int8)',
  );
  expect(() => picked('model_')).toThrow('a/b: several ONNX files are "model_"');
});
