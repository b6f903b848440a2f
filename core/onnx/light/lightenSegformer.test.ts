import { describe, expect, it } from 'vitest';
import { emitSegformer } from '../segformer/emitSegformer.ts';
import { randomSegformer } from '../segformer/testing/randomSegformer.ts';
import { lightLayers, withInt8 } from './lightLayers.ts';
import { checkTolerance, lightenSegformer } from './lightenSegformer.ts';

const pixels = { pixelValues: new Float32Array(3 * 64 * 64), height: 64, width: 64 };
const images = { count: 1, load: () => Promise.resolve(pixels) };
const open = () => Promise.reject(new Error('nothing is to be run'));
const graph = randomSegformer(5);

describe('lightenSegformer', () => {
  it('says what tolerance is', () => {
    for (const tolerance of [-1, NaN, Infinity]) {
      expect(() => checkTolerance(tolerance)).toThrow(`the tolerance ${tolerance} is not a number from 0 on`);
    }
  });

  it('wants an image', async () => {
    const model = emitSegformer(graph, { backend: 'webgpu' });
    const none = { ...images, count: 0 };
    await expect(lightenSegformer({ model, images: none, tolerance: 0.1, open })).rejects.toThrow(
      'there is no image to measure on',
    );
  });

  it('says where a graph is no SegFormer', async () => {
    const model = emitSegformer(graph, { backend: 'webgpu', rewrites: { mergeProjections: false } });
    model.proto.graph!.node.find(({ opType }) => opType === 'Gelu')!.opType = 'Sigmoid';
    await expect(lightenSegformer({ model, images, tolerance: 0.1, open })).rejects.toThrow(
      /^segformer: it is not a SegFormer that can be lightened: head is not a classifier of each position/,
    );
  });

  it('does not lighten twice', async () => {
    const marked = withInt8(graph, new Set(lightLayers(graph).map(({ name }) => name)));
    const model = emitSegformer(marked, {
      backend: 'webgpu',
      storage: 'int8',
      rewrites: { mergeProjections: false },
    });
    await expect(lightenSegformer({ model, images, tolerance: 0.1, open })).rejects.toThrow(
      'it is light already: 3 of its layers are in 8 bits',
    );
  });
});
