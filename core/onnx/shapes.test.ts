import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { buildGraph, buildModel, buildNode, buildValue, floatTensor, intTensor } from './buildModel.ts';
import { AttributeProtoSchema, FunctionProtoSchema } from './proto/onnx.generated.ts';
import { inferShapes } from './shapes.ts';

const size = { height: 64, width: 96 };

describe('inferShapes', () => {
  it('follows sizes from Shape through arithmetic into Reshape and Resize', () => {
    const model = buildModel({
      nodes: [
        buildNode('Shape', ['pixel_values'], ['dims']),
        buildNode('Gather', ['dims', 'two'], ['h']),
        buildNode('Div', ['h', 'four'], ['quarter']),
        buildNode('Unsqueeze', ['quarter', 'zero'], ['q1']),
        buildNode('Concat', ['one3', 'q1', 'rest'], ['target'], { axis: 0 }),
        buildNode('Reshape', ['pixel_values', 'target'], ['tokens']),
        buildNode('Constant', [], ['sizes'], { value_ints: [1, 3, 16, 24] }),
        buildNode('Resize', ['pixel_values', '', '', 'sizes'], ['small']),
      ],
      initializers: [
        intTensor('two', 2),
        intTensor('four', 4),
        intTensor('zero', [0]),
        intTensor('one3', [1, 3]),
        intTensor('rest', [-1]),
      ],
    });
    const { values, unknownOperators } = inferShapes(model, size);
    expect(values.get('quarter')?.values).toEqual([16]);
    expect(values.get('tokens')?.shape).toEqual([1, 3, 16, 384]);
    expect(values.get('small')?.shape).toEqual([1, 3, 16, 24]);
    expect(unknownOperators).toEqual([]);
  });

  it('knows what -1 in an exported Expand stands for', () => {
    // torch.onnx writes expand(-1, 5) so: where(shape == -1, 1, shape).
    const model = buildModel({
      nodes: [
        buildNode('ConstantOfShape', ['rank'], ['ones'], { value: { tensor: intTensor('', [1]) } }),
        buildNode('Mul', ['ones', 'minus'], ['minusOnes']),
        buildNode('Equal', ['asked', 'minusOnes'], ['open']),
        buildNode('Where', ['open', 'ones', 'asked'], ['target']),
        buildNode('Expand', ['column', 'target'], ['y']),
      ],
      initializers: [
        intTensor('rank', [2]),
        intTensor('minus', -1),
        intTensor('asked', [-1, 5]),
        floatTensor('column', [3, 1]),
      ],
    });
    expect(inferShapes(model, size).values.get('y')?.shape).toEqual([3, 5]);
  });

  it('opens functions, with the attributes of the call', () => {
    const reduce = buildNode('ReduceMean', ['x'], ['mean'], {
      axes: { ref: 'along' },
      keepdims: { ref: 'keep' },
    });
    const model = buildModel({
      nodes: [buildNode('local::MeanOf', ['pixel_values'], ['y'], { along: [2, 3] })],
      functions: [
        create(FunctionProtoSchema, {
          name: 'MeanOf',
          domain: 'local',
          input: ['x'],
          output: ['mean'],
          node: [reduce],
          attribute: ['along'],
          attributeProto: [create(AttributeProtoSchema, { name: 'keep', i: 0n })],
        }),
      ],
    });
    const facts = inferShapes(model, size);
    expect(facts.values.get('y')?.shape).toEqual([1, 3]);
    expect(facts.nodes.map((node) => node.call.op)).toEqual(['ReduceMean']);
  });

  it('takes the branch of an If whose condition is known', () => {
    const branch = (op: string) =>
      buildGraph({
        nodes: [buildNode(op, ['pixel_values'], ['out'])],
        inputs: [],
        outputs: [buildValue('out', [])],
      });
    const model = (condition: string) =>
      buildModel({
        nodes: [
          buildNode('Equal', ['two', condition], ['same']),
          buildNode('If', ['same'], ['y'], {
            then_branch: { graph: branch('GlobalAveragePool') },
            else_branch: { graph: branch('Identity') },
          }),
        ],
        initializers: [intTensor('two', 2), intTensor('three', 3)],
      });
    expect(inferShapes(model('two'), size).values.get('y')?.shape).toEqual([1, 3, 1, 1]);
    expect(inferShapes(model('three'), size).values.get('y')?.shape).toEqual([1, 3, 64, 96]);
  });

  it('reports operators that it does not know and goes on where the file says the shape', () => {
    const nodes = [
      buildNode('com.example::Magic', ['pixel_values'], ['a']),
      buildNode('Relu', ['a'], ['b']),
      buildNode('Loop', ['pixel_values'], ['c']),
    ];
    const facts = inferShapes(buildModel({ nodes }), size);
    expect(facts.unknownOperators).toEqual(['Loop', 'com.example::Magic']);
    expect(facts.values.get('b')).toBeUndefined();
    const valueInfo = [buildValue('a', [1, 8, 'height', 4])];
    expect(inferShapes(buildModel({ nodes, valueInfo }), size).values.get('b')?.shape).toEqual([1, 8, 64, 4]);
  });

  it('names the node that cannot run at this size', () => {
    const model = buildModel({
      nodes: [buildNode('Reshape', ['pixel_values', 'fixed'], ['y'])],
      initializers: [intTensor('fixed', [1, 3, 512, 512])],
    });
    expect(() => inferShapes(model, size)).toThrow(
      'model.onnx: Reshape "Reshape_y" cannot run at this size: 1x3x64x96 cannot be reshaped to 1,3,512,512. Try a size whose sides are multiples of 32, or the size that the model was exported for',
    );
  });

  it('refuses shapes that no tensor has', () => {
    const model = buildModel({
      nodes: [buildNode('ConstantOfShape', ['negative'], ['y'])],
      initializers: [intTensor('negative', [-5])],
    });
    expect(() => inferShapes(model, size)).toThrow(
      'ConstantOfShape "ConstantOfShape_y" cannot run at this size: its result would have the shape -5',
    );
  });

  it('gives up on functions that call themselves', () => {
    const model = buildModel({
      nodes: [buildNode('local::Again', ['pixel_values'], ['y'])],
      functions: [
        create(FunctionProtoSchema, {
          name: 'Again',
          domain: 'local',
          input: ['x'],
          output: ['b'],
          node: [buildNode('local::Again', ['x'], ['a']), buildNode('local::Again', ['x'], ['b'])],
        }),
      ],
    });
    expect(() => inferShapes(model, size)).toThrow(
      'model.onnx: more than 100000 nodes, or functions nested deeper than 32',
    );
  });
});
