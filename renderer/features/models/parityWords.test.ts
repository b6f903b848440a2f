import { expect, test } from 'vitest';
import { parityBadge, parityLine } from './parityWords.ts';

const none = { equal: null, why: 'this machine has no WebGPU adapter' };
const parity = (optimised: number | null, webgpu: number | null) => ({
  version: '1',
  optimised: { equal: optimised, why: '' },
  webgpu: { equal: webgpu, why: '' },
});

test('the badge says the least of what was compared', () => {
  expect(parityBadge(parity(1, null))).toEqual({ tone: 'good', text: '100% equal pixels' });
  expect(parityBadge(parity(1, 0.9876))).toEqual({ tone: 'note', text: '98.76% equal pixels' });
  expect(parityBadge(parity(null, null))).toEqual({ tone: 'none', text: 'runs as exported' });
});

test('each comparison says what with, or why there is none', () => {
  expect(parityLine(none, 'WASM')).toBe('this machine has no WebGPU adapter');
  expect(parityLine({ equal: 0.9999, why: 'SwiftShader' }, 'its own graph')).toBe(
    "99.99% of the probe picture's pixels equal to its own graph, SwiftShader",
  );
});
