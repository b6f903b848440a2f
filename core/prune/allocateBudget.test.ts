import { describe, expect, it } from 'vitest';
import { allocateBudget, largestSaving } from './allocateBudget.ts';

const cheap = { losses: [100, 3, 2, 1, 0], price: 10 };
const dear = { losses: [100, 60, 30, 10, 0], price: 10 };

describe('allocateBudget', () => {
  it('keeps all where nothing is to be saved', () => {
    expect(allocateBudget([cheap, dear], 0)).toEqual([4, 4]);
  });

  it('takes from the layer that loses least', () => {
    expect(allocateBudget([cheap, dear], 30)).toEqual([1, 4]);
    expect(allocateBudget([cheap, dear], 40)).toEqual([1, 3]);
  });

  it('saves what is asked for, and no neuron more', () => {
    expect(allocateBudget([cheap, dear], 11)).toEqual([2, 4]);
    expect(allocateBudget([cheap, dear], 10)).toEqual([3, 4]);
  });

  it('weighs a loss against what it saves', () => {
    // One neuron of the first costs three times the loss and saves ten times as much.
    expect(
      allocateBudget(
        [
          { losses: [9, 3, 0], price: 100 },
          { losses: [9, 1, 0], price: 10 },
        ],
        60,
      ),
    ).toEqual([1, 2]);
  });

  it('never keeps more of a layer for a smaller budget', () => {
    let before = [4, 4];
    for (let saving = 0; saving <= 60; saving += 5) {
      const kept = allocateBudget([cheap, dear], saving);
      kept.forEach((count, l) => expect(count).toBeLessThanOrEqual(before[l]!));
      expect((8 - kept[0]! - kept[1]!) * 10).toBeGreaterThanOrEqual(saving);
      before = kept;
    }
  });

  it('leaves what must stay', () => {
    const kept = { ...cheap, least: 2 };
    expect(largestSaving([kept, dear])).toBe(50);
    expect(allocateBudget([kept, dear], 50)).toEqual([2, 1]);
  });

  it('leaves one neuron of each group, and says what it cannot save', () => {
    expect(largestSaving([cheap, dear])).toBe(60);
    expect(allocateBudget([cheap, dear], 60)).toEqual([1, 1]);
    expect(() => allocateBudget([cheap, dear], 61)).toThrow('61 multiply-adds cannot be saved: 60 at most');
  });
});
