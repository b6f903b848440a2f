import { describe, expect, it } from 'vitest';
import type { MixFfn } from '../onnx/segformer/segformerGraph.ts';
import { ReaderRefit } from './readerRefit.ts';

const conv = {
  weight: { dims: [2, 1, 3, 3], data: new Float32Array(18) },
  bias: null,
  stride: 1,
  padding: 1,
};

function ffnWith(reader: readonly number[], bias: number): MixFfn {
  return {
    fc1: { weight: { dims: [2, 1], data: new Float32Array(2) }, bias: null },
    depthwise: conv,
    activation: 'gelu',
    fc2: { weight: { dims: [1, 2], data: Float32Array.from(reader) }, bias: Float32Array.of(bias) },
    gate: null,
  };
}

/** What the reader says of tokens of two neurons where only the first is kept and the second is its mean. */
function read({ fc2 }: MixFfn, h0: number, mean1: number): number {
  return fc2.weight.data[0]! * h0 + fc2.weight.data[1]! * mean1 + fc2.bias![0]!;
}

describe('ReaderRefit', () => {
  it('lets a kept neuron say what it knows of one that is left out', () => {
    // The second neuron is always three times the first: tokens (1, 3) and (3, 9).
    const means = Float32Array.of(2, 6);
    const refit = new ReaderRefit(means);
    refit.add(Float32Array.of(5, 15, 15, 45), means, Uint8Array.of(1, 0));
    const before = ffnWith([1, 2], 0.5);
    const after = refit.apply(before);
    const full = (h: number) => h + 2 * 3 * h + 0.5;
    expect(Math.abs(read(before, 3, 6) - full(3))).toBeCloseTo(6, 5);
    expect(read(after, 1, 6)).toBeCloseTo(full(1), 0);
    expect(read(after, 3, 6)).toBeCloseTo(full(3), 0);
    expect(Math.abs(read(after, 3, 6) - full(3))).toBeLessThan(0.2);
  });

  it('makes up for an image whose mean is not that of all', () => {
    const refit = new ReaderRefit(Float32Array.of(0, 0));
    // Constant tokens (0, 4): the one left out is four all over.
    refit.add(Float32Array.of(0, 0, 0, 16), Float32Array.of(0, 4), Uint8Array.of(1, 0));
    const after = refit.apply(ffnWith([1, 2], 0));
    expect(after.fc2.bias![0]).toBeCloseTo(8, 5);
    expect([...after.fc2.weight.data]).toEqual([1, 2]);
  });

  it('changes nothing where everything is kept, or nothing was seen', () => {
    const ffn = ffnWith([1, 2], 3);
    expect(new ReaderRefit(Float32Array.of(1, 1)).apply(ffn)).toBe(ffn);
    const all = new ReaderRefit(Float32Array.of(1, 1));
    all.add(Float32Array.of(2, 1, 1, 2), Float32Array.of(1, 1), Uint8Array.of(1, 1));
    expect([...all.apply(ffn).fc2.weight.data]).toEqual([1, 2]);
    expect(all.apply(ffn).fc2.bias![0]).toBeCloseTo(3, 6);
  });
});
