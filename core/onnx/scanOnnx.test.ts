import { expect, it } from 'vitest';
import { buildOnnxBytes, floatTensor } from './buildModel.ts';
import { scanOnnx } from './scanOnnx.ts';

const good = buildOnnxBytes({ nodes: [], initializers: [floatTensor('w', [16])] });

it('tells a model from one that is cut off', () => {
  expect(scanOnnx(good)).toEqual({ kind: 'model' });
  // The last field is the operator set, 4 bytes with its header.
  expect(scanOnnx(good.subarray(0, good.length - 5))).toEqual({ kind: 'truncated', missingBytes: 1 });
});

it('does not take random bytes with a length past their end for a cut model', () => {
  expect(scanOnnx(Uint8Array.of(0x3a, 0xff, 0x01, 0x00))).toEqual({ kind: 'notOnnx' });
  expect(scanOnnx(Uint8Array.of(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x20, 0x31, 0x7d))).toEqual({
    kind: 'notOnnx',
  });
  expect(scanOnnx(new Uint8Array(100))).toEqual({ kind: 'notOnnx' });
});
