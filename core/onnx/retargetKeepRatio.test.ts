import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import type { OnnxModel } from './onnxModel.ts';
import { ModelProtoSchema } from './proto/onnx.generated.ts';
import { readTensor } from './tensor.ts';
import { hasGates } from './findGates.ts';
import { retargetKeepRatio } from './retargetKeepRatio.ts';

const INT64 = 7;
const ints = (name: string, ...values: number[]) => ({
  name,
  dataType: INT64,
  dims: [BigInt(values.length)],
  int64Data: values.map(BigInt),
});

/** A gate over two groups of ten scores, seven of each kept, and the convolution that gets them. */
function gated(groups = 2): OnnxModel {
  const proto = create(ModelProtoSchema, {
    graph: {
      initializer: [ints('gate.0.0.ffn.k', 7), ints('shape', groups, 10)],
      node: [
        { opType: 'Reshape', input: ['raw', 'shape'], output: ['scores'] },
        { opType: 'TopK', input: ['scores', 'gate.0.0.ffn.k'], output: ['values', 'indices'] },
        { opType: 'Gather', input: ['weight', 'indices'], output: ['kept'] },
        { opType: 'Conv', input: ['picture', 'kept'], attribute: [{ name: 'group', i: BigInt(7 * groups) }] },
        // Fourteen groups too, but of other weights.
        { opType: 'Conv', input: ['picture', 'weight'], attribute: [{ name: 'group', i: 14n }] },
      ],
    },
  });
  const empty = { opsets: new Map<string, number>(), customDomains: [], externalFiles: new Map() };
  return { proto, subject: 'student.onnx', irVersion: 10, ...empty };
}

function keptIn(model: OnnxModel): number[] {
  const { initializer = [], node = [] } = model.proto.graph ?? {};
  const k = readTensor(model, initializer[0]!)?.[0] ?? NaN;
  return [k, Number(node[3]!.attribute[0]!.i), Number(node[4]!.attribute[0]!.i)];
}

test.each([
  [0.5, 5, 10],
  [1, 10, 20],
  [0, 1, 2],
])('keep ratio %f: %i neurons of each group, %i groups of the convolution', (ratio, kept, groups) => {
  const model = gated();
  retargetKeepRatio(model, ratio);
  expect(keptIn(model)).toEqual([kept, groups, 14]);
});

test('one ratio after the other is the same as the last alone', () => {
  const model = gated();
  for (const ratio of [0.2, 1, 0.7]) retargetKeepRatio(model, ratio);
  expect(keptIn(model)).toEqual([7, 14, 14]);
});

test('a gate that was down to one neuron opens again', () => {
  const model = gated(1);
  for (const ratio of [0.1, 0.5]) retargetKeepRatio(model, ratio);
  expect(keptIn(model)).toEqual([5, 5, 14]);
});

test('a model without gates says so', () => {
  const model = gated();
  model.proto.graph!.initializer = [];
  expect(hasGates(model)).toBe(false);
  expect(() => retargetKeepRatio(model, 0.5)).toThrow('it has no gates, so there is no keep ratio to set');
});
