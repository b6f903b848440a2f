import { describe, expect, it } from 'vitest';
import { gatesOf } from '../segformer/segformerGraph.ts';
import { randomSegformer } from '../segformer/testing/randomSegformer.ts';
import { int8Layers, lightLayers, preparedForLight, withInt8, withTanhGelu } from './lightLayers.ts';

describe('the layers of a light model', () => {
  // Widths 8 and 16, keys reduced by 8 and 4: two products add up 512 and 256 numbers, all others fewer than 160.
  const graph = preparedForLight(randomSegformer(1, { form: 'throughLayer', keepRatio: 0.5 }));

  it('are the large products alone', () => {
    expect(lightLayers(graph)).toEqual([
      { name: 'stage.0.0.reduction', weights: 4096 },
      { name: 'stage.1.0.reduction', weights: 4096 },
      { name: 'stage.1.1.reduction', weights: 4096 },
    ]);
  });

  it('named, are rounded to 8 bits, and no other', () => {
    const light = withInt8(graph, new Set(['stage.1.1.reduction']));
    expect(int8Layers(light)).toEqual(['stage.1.1.reduction']);
    expect(int8Layers(graph)).toEqual([]);
    const [first, second] = [graph, light].map((of) => of.stages[1]!.blocks[1]!.attention.reduction!.conv.weight.data); // prettier-ignore
    const largest = Math.max(...first!.map(Math.abs));
    first!.forEach((value, i) =>
      expect(Math.abs(value - second![i]!)).toBeLessThanOrEqual(largest / 254 + 1e-6),
    );
  });

  it('are ready with gates of their own, which look through no layer that will be rounded', () => {
    expect(gatesOf(graph).length).toBeGreaterThan(0);
    expect(gatesOf(graph).every(({ throughLayer }) => !throughLayer)).toBe(true);
  });

  it('compute GELU by tanh', () => {
    const blocks = withTanhGelu(graph).stages.flatMap((stage) => stage.blocks);
    expect(blocks.every(({ ffn }) => ffn.activation === 'geluTanh')).toBe(true);
  });
});
