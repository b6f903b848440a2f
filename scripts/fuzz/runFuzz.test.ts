import { expect, it } from 'vitest';
import { FUZZ_KINDS } from './fuzzKind.ts';
import { inputsOf, runFuzz } from './runFuzz.ts';

it('1,000 damaged files are each read or refused with a message: no crash, no hang, nothing written outside', async () => {
  const rows = await runFuzz({ inputs: 1000, seed: 20_261_123 });
  expect(rows.map(({ kind }) => kind)).toEqual(FUZZ_KINDS);
  expect(rows.flatMap(({ defects }) => defects)).toEqual([]);
  for (const { kind, runs, refused } of rows) {
    expect(runs, kind).toBe(inputsOf(kind, 1000));
    // One that refused nothing would not have been given damaged files.
    expect(refused, kind).toBeGreaterThan(0);
  }
}, 300_000);
