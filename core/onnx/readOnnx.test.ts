import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { buildNode, buildOnnxBytes, floatTensor } from './buildModel.ts';
import { FunctionProtoSchema, ModelProtoSchema } from './proto/onnx.generated.ts';
import { readOnnx } from './readOnnx.ts';

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const good = buildOnnxBytes({
  nodes: [buildNode('MatMul', ['pixel_values', 'w'], ['y'])],
  initializers: [floatTensor('w', [4, 4])],
});

function problemOf(
  bytes: Uint8Array,
  options?: Parameters<typeof readOnnx>[2],
): { code: string; message: string } {
  try {
    readOnnx(bytes, 'model.onnx', options);
  } catch (error) {
    if (error instanceof ProblemError) return { code: error.problem.code, message: error.message };
    throw error;
  }
  throw new Error('it was read');
}

describe('readOnnx', () => {
  it('reports format, operator sets and producer', () => {
    const model = readOnnx(good, 'model.onnx');
    expect(model.irVersion).toBe(8);
    expect([...model.opsets]).toEqual([['', 17]]);
    expect(model.customDomains).toEqual([]);
    expect(model.proto.graph?.node[0]?.opType).toBe('MatMul');
  });

  it('lists the domains of operators that are not ONNX’s and not the file’s own', () => {
    const bytes = buildOnnxBytes({
      nodes: [
        buildNode('com.microsoft::Gelu', ['pixel_values'], ['a']),
        buildNode('local::Twice', ['a'], ['b']),
        buildNode('ai.onnx::Relu', ['b'], ['c']),
      ],
      functions: [
        create(FunctionProtoSchema, {
          name: 'Twice',
          domain: 'local',
          node: [buildNode('com.example::Secret', ['x'], ['y'])],
        }),
      ],
    });
    expect(readOnnx(bytes, 'model.onnx').customDomains).toEqual(['com.example', 'com.microsoft']);
  });

  it.each([
    ['nothing', new Uint8Array(), 'model.onnx: not an ONNX model (it is empty)'],
    [
      'a web page',
      ascii('<!DOCTYPE html><html>'),
      'model.onnx: not an ONNX model (it begins with "<!DOCTYPE html><"). It is a web page: the download did not give the file itself',
    ],
    [
      'a Git LFS pointer',
      ascii('version https://git-lfs.github.com/spec/v1\noid sha256:00'),
      'model.onnx: not an ONNX model (it begins with "version https://"). It is a Git LFS pointer: run git lfs pull in its repository',
    ],
    [
      'a PyTorch checkpoint',
      Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0),
      'model.onnx: not an ONNX model (it begins with 50 4b 03 04 00 00 08 08). It is a zip archive, perhaps a PyTorch checkpoint: export it to ONNX first',
    ],
    [
      'a PNG',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13),
      'model.onnx: not an ONNX model (it begins with 89 50 4e 47 0d 0a 1a 0a)',
    ],
    ['text', ascii('Hello'), 'model.onnx: not an ONNX model (it begins with "Hello")'],
    [
      'a protobuf without a graph',
      Uint8Array.of(8, 8),
      'model.onnx: not an ONNX model (it begins with 08 08)',
    ],
  ])('says that %s is not a model', (_, bytes, message) => {
    expect(problemOf(bytes)).toEqual({ code: 'onnx.notOnnx', message });
  });

  it('says how much of a truncated file is missing', () => {
    // Format version and producer come first, then the graph, which is cut, then the operator set, 4 bytes.
    expect(problemOf(good.subarray(0, 40))).toEqual({
      code: 'onnx.truncated',
      message: `model.onnx: cut off after 40 bytes: at least ${good.length - 44} are missing. Copy or download the file again`,
    });
  });

  it('never takes a cut file for a whole one', () => {
    for (let length = 0; length < good.length; length++) {
      expect(problemOf(good.subarray(0, length)).code, `${length} bytes`).toMatch(
        /^onnx\.(notOnnx|truncated|damaged)$/,
      );
    }
  });

  it('says that the inside is damaged', () => {
    const bytes = good.slice();
    const graph = bytes.indexOf(0x3a);
    bytes[graph + 3] = 0xff;
    expect(problemOf(bytes).code).toBe('onnx.damaged');
  });

  it('needs operator sets', () => {
    const bytes = toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, graph: {} }));
    expect(problemOf(bytes)).toEqual({
      code: 'onnx.damaged',
      message:
        'model.onnx: an ONNX model whose content is damaged. it names no operator set. Copy, download or export the file again',
    });
  });

  it('refuses more bytes than a limit', () => {
    expect(problemOf(good, { maxBytes: 100 })).toEqual({
      code: 'onnx.tooLarge',
      message: `model.onnx: ${good.length} bytes, more than the 100 that an ONNX file can have. Export it with its weights as external data`,
    });
  });
});
