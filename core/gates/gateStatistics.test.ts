import { describe, expect, it } from 'vitest';
import { countKept, keptNeurons, packGates } from './gateBits.ts';
import { gateLayout, type GatedLayer } from './gateLayout.ts';
import { gateOverlap } from './gateOverlap.ts';
import { GateStatistics, statisticsOf } from './gateStatistics.ts';
import { neuronType, typesByLayer } from './neuronTypes.ts';
import { unusualImages } from './unusualImages.ts';

const layers: readonly GatedLayer[] = [
  { name: 'gate.0.0.qk', stage: 0, block: 0, kind: 'qk', neurons: 4, groups: 2 },
  { name: 'gate.0.0.ffn', stage: 0, block: 0, kind: 'ffn', neurons: 6, groups: 1 },
];
const layout = gateLayout(layers);
const bitsOf = (qk: number[], ffn: number[]) => packGates(layout, (name) => (name.endsWith('qk') ? qk : ffn));

describe('the bits of one image', () => {
  it('are one per neuron, layer after layer, whatever order the gate gave them in', () => {
    const bits = packGates(layout, (name) => (name === 'gate.0.0.qk' ? [3n, 0n] : [5n, 1n, 4n]));
    expect([...bits]).toEqual([0b00101001, 0b11]);
    expect([keptNeurons(layout, bits, 0), keptNeurons(layout, bits, 1)]).toEqual([
      [0, 3],
      [1, 4, 5],
    ]);
    expect(countKept(bits)).toBe(5);
  });

  it('refuse neurons that the layer does not have, and layers that were not given', () => {
    expect(() => bitsOf([4], [0])).toThrow('gate.0.0.qk kept neuron 4, it has 0 to 3');
    expect(() => packGates(layout, () => undefined)).toThrow('the student gave no output gate.0.0.qk');
  });
});

describe('over a folder', () => {
  const images = [
    bitsOf([0, 2], [0, 1]),
    bitsOf([0, 3], [0, 2]),
    bitsOf([0, 2], [0, 1]),
    bitsOf([1, 2], [0, 5]),
  ];
  const statistics = statisticsOf(layout, images);

  it('counts how often each neuron was kept', () => {
    expect(statistics.images).toBe(4);
    expect([...statistics.counts]).toEqual([3, 1, 3, 1, 4, 2, 1, 0, 0, 1]);
    expect(statistics.frequency(0)).toBe(0.75);
    expect(() => statistics.add(new Uint8Array(3))).toThrow('3 bytes of gates are not those of 10 neurons');
    expect(new GateStatistics(layout).frequency(0)).toBe(0);
  });

  it('tells always, sometimes and never kept neurons apart', () => {
    expect(typesByLayer(statistics)).toEqual([
      { layer: layers[0], always: 0, sometimes: 4, never: 0, meanKept: 0.5 },
      { layer: layers[1], always: 1, sometimes: 3, never: 2, meanKept: 2 / 6 },
    ]);
    expect(
      typesByLayer(statistics, 0.25).map(({ always, sometimes, never }) => [always, sometimes, never]),
    ).toEqual([
      [2, 0, 2],
      [1, 1, 4],
    ]);
    expect([neuronType(1), neuronType(0.5), neuronType(0)]).toEqual(['always', 'sometimes', 'never']);
  });

  it('finds the image that is furthest from the mean, and in which layer', () => {
    // |kept - frequency| of the last: 3/4 3/4 1/4 1/4 in the first layer, 0 1/2 1/4 0 0 3/4 in the second.
    expect(statistics.distance(images[3]!)).toBeCloseTo((2 + 1.5) / 10, 12);
    expect(statistics.distance(images[3]!, 1)).toBeCloseTo(1.5 / 6, 12);
    const ranked = unusualImages(
      statistics,
      images.map((bits, id) => [id, bits] as const),
    );
    expect(ranked.map(({ id, layer }) => [id, layer])).toEqual([
      [1, 0],
      [3, 0],
      [0, 0],
      [2, 0],
    ]);
  });

  it('says how much of two images or two groups is alike', () => {
    const [a, b] = [statisticsOf(layout, [images[0]!]), statisticsOf(layout, [images[1]!])];
    // {0,2} and {0,3}: one of three; {0,1} and {0,2}: one of three.
    expect(gateOverlap(a, b)).toEqual({ all: 2 / 6, layers: [1 / 3, 1 / 3] });
    const groups = gateOverlap(
      statisticsOf(layout, images.slice(0, 2)),
      statisticsOf(layout, images.slice(2)),
    );
    // Frequencies 1 0 .5 .5 | 1 .5 .5 and .5 .5 1 0 | 1 .5 0 0 0 .5
    expect(groups.layers[0]).toBeCloseTo(1 / 3, 12);
    expect(groups.layers[1]).toBeCloseTo(1.5 / 2.5, 12);
    expect(gateOverlap(new GateStatistics(layout), new GateStatistics(layout)).all).toBeNull();
  });
});
