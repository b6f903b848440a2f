import { expect, test } from 'vitest';
import { mergeLogits } from './mergeLogits.ts';
import { softmax } from './postprocess.ts';

/** Probabilities of four classes at two positions, as logits with another zero point each. */
const PROBABILITIES = [
  [0.1, 0.7],
  [0.2, 0.1],
  [0.3, 0.15],
  [0.4, 0.05],
];
const source = {
  logits: Float32Array.from(PROBABILITIES.flatMap(([a, b]) => [Math.log(a!) + 3, Math.log(b!) - 40])),
  classes: 4,
  width: 2,
  height: 1,
};
const translationOf = (...ids: number[]) => Uint16Array.from({ length: 65536 }, (_, id) => ids[id] ?? 255);

const at = ({ logits, classes }: { logits: Float32Array; classes: number }, position: number) =>
  [...softmax(Float32Array.from({ length: classes }, (_, c) => logits[c * 2 + position]!))].map(
    (value) => Math.round(value * 1e5) / 1e5,
  );

test('the probability of a merged class is the sum, and what is in none stays apart', () => {
  // Classes 0 and 2 become 1, class 1 becomes 3, class 3 is ignored; 0 and 2 are nobody's.
  const merged = mergeLogits(source, { translation: translationOf(1, 3, 1, 255), ignoreId: 255, maxId: 3 });
  expect(merged.classes).toBe(5);
  expect(at(merged, 0)).toEqual([0, 0.4, 0, 0.2, 0.4]);
  expect(at(merged, 1)).toEqual([0, 0.85, 0, 0.1, 0.05]);
});

test('NaN counts as never', () => {
  const logits = Float32Array.of(NaN, 0, 0, NaN);
  const merged = mergeLogits(
    { logits, classes: 2, width: 2, height: 1 },
    { translation: translationOf(0, 0), ignoreId: 255, maxId: 0 },
  );
  expect([...merged.logits.subarray(0, 2)]).toEqual([0, 0]);
});
