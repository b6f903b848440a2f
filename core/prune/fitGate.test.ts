import { describe, expect, it } from 'vitest';
import { matrix } from './algebra/matrix.ts';
import { fitGate, lostEnergy, rankNeurons } from './fitGate.ts';

/** By day (1) the first neuron says something, by night (0) the second; the third always a little. */
const statistics = {
  summaries: matrix(6, 1, [1, 0, 1, 0, 1, 0]),
  energies: matrix(6, 3, [9, 0, 1, 0, 9, 1, 9, 0, 1, 0, 9, 1, 9, 0, 1, 0, 9, 1]),
  means: Float32Array.of(1, 2, 3),
};
const options = { kind: 'ffn', name: 'gate.0.0.ffn', groups: 1 } as const;

describe('fitGate', () => {
  it('keeps the neuron that the image asks for', () => {
    const { gate, unexplained } = fitGate(statistics, options);
    expect([...rankNeurons(gate, [1])]).toEqual([0, 2, 1]);
    expect([...rankNeurons(gate, [0])]).toEqual([1, 2, 0]);
    expect(unexplained).toBeLessThan(0.01);
    expect(gate).toMatchObject({ kept: 3, scales: false, throughLayer: false, norm: null });
  });

  it('knows what is lost for each number kept', () => {
    const { gate } = fitGate(statistics, options);
    const lost = Array.from(lostEnergy(gate, statistics), (energy) => Math.round(energy * 1e9) / 1e9);
    expect(lost).toEqual([10, 1, 0, 0]);
  });

  it('ranks within groups', () => {
    const pairs = {
      ...statistics,
      energies: matrix(2, 4, [1, 5, 7, 2, 1, 5, 7, 2]),
      summaries: matrix(2, 1, [0, 1]),
    };
    const { gate } = fitGate(pairs, { kind: 'v', name: 'gate.0.0.v', groups: 2 });
    expect([...rankNeurons(gate, [1])]).toEqual([1, 0, 2, 3]);
    expect([...lostEnergy(gate, pairs)]).toEqual([15, 3, 0]);
  });
});
