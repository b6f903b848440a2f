import { expect, test } from 'vitest';
import { seededRandom } from '../mask/seededRandom.ts';
import { confidenceMap } from './confidenceMap.ts';
import { softmax, upsampleArgmax } from './postprocess.ts';

test('at the size of the logits it is their softmax', () => {
  const random = seededRandom(3);
  const logits = {
    classes: 5,
    height: 3,
    width: 4,
    logits: Float32Array.from({ length: 60 }, () => random() * 6),
  };
  const { probability, margin } = confidenceMap(logits, upsampleArgmax(logits, 4, 3));
  for (let at = 0; at < 12; at++) {
    const chances = softmax(Float32Array.from({ length: 5 }, (_, id) => logits.logits[id * 12 + at]!));
    const [first = 0, second = 0] = [...chances].sort((a, b) => b - a);
    expect(Math.abs(probability[at]! - first * 255)).toBeLessThanOrEqual(0.51);
    expect(Math.abs(margin[at]! - (first - second) * 255)).toBeLessThanOrEqual(0.51);
  }
});

test('between two positions it goes from the one to the other, lowest where the class changes', () => {
  const sure = Math.log(4);
  const logits = { classes: 2, height: 1, width: 2, logits: Float32Array.of(sure, 0, 0, sure) };
  const { probability, margin } = confidenceMap(logits, upsampleArgmax(logits, 8, 1));
  expect([...probability]).toEqual([204, 204, 185, 147, 147, 185, 204, 204]);
  expect([...margin]).toEqual([153, 153, 115, 38, 38, 115, 153, 153]);
});

test('NaN and masked classes leave numbers', () => {
  const logits = { classes: 2, height: 1, width: 2, logits: Float32Array.of(NaN, 1, NaN, -Infinity) };
  const { probability, margin } = confidenceMap(logits, upsampleArgmax(logits, 2, 1));
  expect([...probability]).toEqual([0, 255]);
  expect([...margin]).toEqual([0, 255]);
});
