import { expect, test } from 'vitest';
import { generateKernels, KERNEL_MODULES, readGeneratedKernels } from './buildKernels.ts';

test.each(KERNEL_MODULES)(
  '$generated holds what its source compiles to: npm run build makes it',
  async (module) => {
    expect(await readGeneratedKernels(module)).toBe(await generateKernels(module));
  },
  300_000,
);
