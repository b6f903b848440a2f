import { expect, test } from 'vitest';
import {
  addCalibrationCounts,
  calibrationCounts,
  calibrationError,
  noCalibrationCounts,
  reliabilityCurve,
} from './calibration.ts';

const classes = { ids: [0, 1], ignoreId: 255 };

test('pixels go into the bin of their confidence; ignored ones into none', () => {
  const truth = new Uint8Array([0, 1, 1, 255]);
  const predicted = new Uint8Array([0, 1, 0, 0]);
  const probability = new Uint8ClampedArray([255, 255, 51, 255]);
  const counts = calibrationCounts(truth, predicted, { probability }, classes);
  // 51/255 = 0.2 = 3/15 begins bin 3; 1 is in the last.
  expect(counts.pixels).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  expect(counts.right[14]).toBe(2);
  expect(counts.confidence[3]).toBe(51);
  // Two sure and right, one 0.2 sure and wrong.
  expect(calibrationError(counts)).toBeCloseTo(0.2 / 3, 12);
  expect(reliabilityCurve(counts)[3]).toEqual({
    from: 3 / 15,
    to: 4 / 15,
    pixels: 1,
    confidence: 0.2,
    accuracy: 0,
  });
  expect(reliabilityCurve(counts)[0]).toMatchObject({ pixels: 0, confidence: null, accuracy: null });
});

test('counts of pictures add up, and nothing has no error', () => {
  const one = calibrationCounts(
    new Uint8Array([0]),
    new Uint8Array([1]),
    { probability: new Uint8ClampedArray([255]) },
    classes,
  );
  const sums = noCalibrationCounts();
  for (const counts of [one, one]) addCalibrationCounts(sums, counts);
  expect(sums.pixels.at(-1)).toBe(2);
  expect(calibrationError(sums)).toBe(1);
  expect(calibrationError(noCalibrationCounts())).toBeNull();
});
