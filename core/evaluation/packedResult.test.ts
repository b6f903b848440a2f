import { expect, test } from 'vitest';
import type { ImageResult } from './imageResult.ts';
import { packedBits, packResult, unpackCells, unpackResult } from './packedResult.ts';

const twelve = Array.from({ length: 15 }, (_, bin) => bin * 1_000_003);
const whole: ImageResult = {
  version: 1,
  width: 480,
  height: 360,
  ms: { decode: 1.5, preprocess: 2.25, inference: 301.125, postprocess: 0 },
  macs: 2.11e9,
  gates: { neurons: 12, bits: 'ff0a' },
  truth: {
    confusion: [0, 127, 13, 128, 131, 2 ** 40],
    boundary: {
      intersection: [1, 0],
      union: [2, 300],
      predicted: [3, 0],
      predictedMatched: [1, 0],
      truth: [4, 5],
      truthMatched: [2, 70_000],
    },
  },
  calibration: { pixels: twelve, right: twelve, confidence: twelve },
  reference: { confusion: [7, 9], divergence: { sum: 0.1 + 0.2, positions: 10_800 } },
  worst: { x: 0, y: 359, width: 200, height: 1, area: 129 },
};
const bare: ImageResult = {
  ...whole,
  macs: null,
  gates: null,
  truth: null,
  calibration: null,
  reference: { confusion: [], divergence: null },
  worst: null,
};

test('every result comes back as it was, to the last digit', () => {
  expect(unpackResult(packResult(whole))).toEqual(whole);
  expect(unpackResult(packResult(bare))).toEqual(bare);
  expect(unpackResult(packResult({ ...bare, reference: null }))).toEqual({ ...bare, reference: null });
});

test('its pieces are read alone', () => {
  const packed = packResult(whole);
  expect(unpackCells(packed.truthCells!)).toEqual([0, 127, 13, 128, 131, 2 ** 40]);
  expect(packedBits(packed.gates!)).toEqual({ neurons: 12, bits: Uint8Array.of(0xff, 0x0a) });
  expect(packResult(bare).truthCells).toBeNull();
});

test('damage and another format are told', () => {
  const packed = packResult(whole);
  const cut = packed.details.subarray(0, 40);
  expect(() => unpackResult({ ...packed, details: cut })).toThrow(
    'the stored results of an image are damaged: 40 bytes end in the middle of a number',
  );
  expect(() => unpackCells(Uint8Array.of(3, 1))).toThrow('2 bytes end in the middle of a number');
  const newer = Uint8Array.from(packed.details);
  newer[0] = 9;
  expect(() => unpackResult({ ...packed, details: newer })).toThrow(
    'the results of an image have format 9, this version reads 1',
  );
});
