import { expect, test } from 'vitest';
import { generateKernels, readGeneratedKernels } from './buildKernels.ts';

test('the kernels in use are those of their source: npm run build makes them', async () => {
  expect(await readGeneratedKernels()).toBe(await generateKernels());
}, 300_000);
