import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { expect, test } from 'vitest';
import { FuzzRandom } from '../fuzz/fuzzRandom.ts';
import { graphSeed } from '../fuzz/graphSeed.ts';
import { mutateBytes } from '../fuzz/mutateBytes.ts';
import {
  buildModel,
  buildNode,
  buildOnnxBytes,
  buildValue,
  intTensor,
  rawTensor,
} from '../onnx/buildModel.ts';
import { checkLimits, ONNX_LIMITS } from '../onnx/checkLimits.ts';
import { dataTypes } from '../onnx/dataType.ts';
import { readOnnx } from '../onnx/readOnnx.ts';
import { ProblemError } from '../problem.ts';
import { checkOperators } from './checkOperators.ts';
import { findInterface } from './findInterface.ts';
import { NO_ANSWERS } from './modelMapping.ts';
import { makeRunForm } from './runForm.ts';

const field = (writer: BinaryWriter, number: number, bytes: Uint8Array) =>
  writer.tag(number, WireType.LengthDelimited).bytes(bytes);

/** A model file with that graph. */
function modelOf(graph: Uint8Array): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.Varint).int64(8);
  const opset = new BinaryWriter().tag(2, WireType.Varint).int64(17).finish();
  return field(field(writer, 7, graph), 8, opset).finish();
}

test('graphs within graphs without end', () => {
  let graph: Uint8Array = new Uint8Array();
  // Graph, node, attribute, graph.
  for (let depth = 0; depth < 100; depth++) {
    const attribute = field(new BinaryWriter(), 6, graph).finish();
    const node = field(new BinaryWriter(), 5, attribute).finish();
    graph = field(new BinaryWriter(), 1, node).finish();
  }
  expect(() => readOnnx(modelOf(graph), 'deep.onnx')).toThrow(
    'deep.onnx: nested deeper than 64 levels. It is no model that an exporter writes; take it from another source',
  );
});

test('millions of empty nodes in a few bytes each', () => {
  const graph = new Uint8Array(2 * 1001);
  for (let at = 0; at < graph.length; at += 2) graph[at] = (1 << 3) | WireType.LengthDelimited;
  const limits = { ...ONNX_LIMITS, messages: 1000 };
  expect(() => checkLimits(modelOf(graph), 'wide.onnx', limits)).toThrow('wide.onnx: more than 1000 parts');
});

test('hundreds of megabytes of numbers that take a byte in the file and thirty in memory', () => {
  const tensor = field(new BinaryWriter(), 7, new Uint8Array(3 * 1024 * 1024)).finish();
  const graph = field(new BinaryWriter(), 5, tensor).finish();
  const limits = { ...ONNX_LIMITS, typedBytes: 2 * 1024 * 1024 };
  expect(() => checkLimits(modelOf(graph), 'heavy.onnx', limits)).toThrow(
    'heavy.onnx: more than 2 MB of numbers outside of raw bytes',
  );
});

test('groups, which a reader would follow on its stack', () => {
  const graph = new Uint8Array(100_000).fill((30 << 3) | 3);
  const bytes = modelOf(graph.map((_, at) => (at % 2 === 0 ? 0xf3 : 0x01)));
  expect(() => readOnnx(bytes, 'groups.onnx')).toThrow('groups.onnx: groups, which ONNX does not have');
});

test('a tensor that claims more than memory', () => {
  const huge = rawTensor('weight', [1 << 30, 1 << 30], dataTypes.FLOAT, new Uint8Array(4));
  const bytes = buildOnnxBytes({
    nodes: [buildNode('Conv', ['pixel_values', 'weight'], ['logits'])],
    initializers: [huge],
    outputs: [buildValue('logits', [1, 2, 'h', 'w'])],
  });
  const model = readOnnx(bytes, 'huge.onnx');
  const found = findInterface(model, { answers: NO_ANSWERS, names: 2 });
  const made = makeRunForm(model, 'wasm', found.mapping);
  expect(made).toMatchObject({ optimised: false });
});

test('a filled tensor that claims more than memory', () => {
  const bytes = buildOnnxBytes({
    nodes: [
      buildNode('ConstantOfShape', ['shape'], ['filled']),
      buildNode('Add', ['pixel_values', 'filled'], ['logits']),
    ],
    initializers: [intTensor('shape', [2 ** 31, 2 ** 31, 64, 64])],
    outputs: [buildValue('logits', [1, 3, 'h', 'w'])],
  });
  const model = readOnnx(bytes, 'fill.onnx');
  expect(findInterface(model, { answers: NO_ANSWERS, names: 3 }).guess.output.name).toBe('logits');
});

test('operators that only their author has', () => {
  const parts = { outputs: [buildValue('logits', [1, 2, 'h', 'w'])] };
  const model = (op: string) =>
    buildModel({ nodes: [buildNode(op, ['pixel_values'], ['logits'])], ...parts });
  expect(() => checkOperators(model('mmdeploy::grid_sampler'))).toThrow(
    'model.onnx: it needs operators of mmdeploy, which onnxruntime does not have. Export it with operators of the standard ONNX domain; code that comes with a model is never run',
  );
  expect(() => checkOperators(model('com.microsoft::Gelu'))).not.toThrow();
});

test('2,000 damaged files are each read, or refused with a message', { timeout: 60_000 }, () => {
  const random = new FuzzRandom(20_261_123);
  const seed = graphSeed();
  let refused = 0;
  for (let round = 0; round < 2000; round++) {
    const bytes = mutateBytes(seed, random);
    try {
      const model = readOnnx(bytes, 'fuzzed.onnx');
      checkOperators(model);
      const { mapping } = findInterface(model, { answers: NO_ANSWERS, names: null });
      makeRunForm(model, 'wasm', mapping);
    } catch (error) {
      expect(error, `round ${round}`).toBeInstanceOf(ProblemError);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(500);
  expect(refused).toBeLessThan(2000);
});
