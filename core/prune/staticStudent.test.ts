import { describe, expect, it } from 'vitest';
import { countMacs } from '../onnx/countMacs.ts';
import { emitSegformer } from '../onnx/segformer/emitSegformer.ts';
import { randomSegformer } from '../onnx/segformer/testing/randomSegformer.ts';
import { pruneCost } from './pruneCost.ts';
import { staticStudent, uniformKept } from './staticStudent.ts';

const graph = randomSegformer(4);
const size = { height: 96, width: 128 };
const cost = pruneCost(graph, size);
const macsOf = (model: typeof graph) =>
  countMacs(emitSegformer(model, { backend: 'webgpu', rewrites: { mergeProjections: false } }), size).macs;

describe('staticStudent', () => {
  it('is priced as the graph that it becomes is counted', () => {
    expect(cost.total).toBe(macsOf(graph));
    const kept = uniformKept(cost, 0.7 * cost.total);
    const predicted = cost.layers.reduce(
      (sum, { width, price }, l) => sum - (width - kept[l]!) * price,
      cost.total,
    );
    const student = staticStudent(graph, cost, kept);
    expect(macsOf(student)).toBe(predicted);
    expect(predicted / cost.total).toBeLessThanOrEqual(0.7);
    expect(predicted / cost.total).toBeGreaterThan(0.69);
  });

  it('cuts the neurons with the smallest weights, within each head', () => {
    const block = graph.stages[1]!.blocks[0]!;
    const { query, key } = block.attention;
    const quiet = (weight: { dims: readonly number[]; data: Float32Array }) => {
      const data = Float32Array.from(weight.data);
      const width = data.length / weight.dims[0]!;
      // The third pair of the second head says next to nothing.
      data.subarray(10 * width, 11 * width).fill(1e-6);
      return { dims: weight.dims, data };
    };
    const changed = {
      ...graph,
      stages: graph.stages.map((stage, s) =>
        s !== 1
          ? stage
          : {
              ...stage,
              blocks: stage.blocks.map((own, b) =>
                b !== 0
                  ? own
                  : {
                      ...own,
                      attention: {
                        ...own.attention,
                        query: { ...query, weight: quiet(query.weight) },
                        key: { ...key, weight: quiet(key.weight) },
                      },
                    },
              ),
            },
      ),
    };
    const kept = cost.layers.map(({ stage, block: b, kind, width }) =>
      stage === 1 && b === 0 && kind === 'qk' ? width - 1 : width,
    );
    const { attention } = staticStudent(changed, cost, kept).stages[1]!.blocks[0]!;
    expect(attention.query.weight.dims).toEqual([14, 16]);
    expect(Math.min(...attention.query.weight.data.map(Math.abs))).not.toBe(Math.fround(1e-6));
  });
});
