import { expect, it } from 'vitest';
import { unpackPatch } from '#core/mask/packedPatch.ts';
import { computeReshape, createControl, shareDone, stopWork, type ReshapeJob } from './reshapeJob.ts';

const ROWS = ['1..1', '....', '....'];
const IGNORE = 9;

function job(change: Partial<ReshapeJob> = {}): ReshapeJob {
  return {
    ...{ width: 4, height: 3, ignoreId: IGNORE, writable: null, control: createControl() },
    ids: Uint8Array.from(ROWS.join(''), (character) => (character === '.' ? IGNORE : Number(character))),
    ...{ kind: 'grow', amount: 1, id: 1, at: null },
    ...change,
  };
}

function rowsAfter(patch: ReturnType<typeof computeReshape>['patch']): string[] {
  const { after } = unpackPatch(patch!).tiles[0]!;
  return ROWS.map((_, y) => [...after.subarray(y * 4, y * 4 + 4)].join('').replaceAll('9', '.'));
}

it('reshapes all of a class, or the region around a pixel, and says which that was', () => {
  const all = computeReshape(job());
  expect(rowsAfter(all.patch)).toEqual(['1111', '1..1', '....']);
  expect(all.region).toBeNull();
  const one = computeReshape(job({ at: { x: 3, y: 0 } }));
  expect(rowsAfter(one.patch)).toEqual(['1.11', '...1', '....']);
  expect(one.region).toEqual(new Int32Array([0, 3, 4]));
});

it('obeys locks, and answers that nothing changes', () => {
  const writable = new Uint8Array(65536).fill(1);
  writable[IGNORE] = 0;
  expect(computeReshape(job({ writable })).patch).toBeNull();
});

it('says how far it is, and stops where the window no longer wants it', () => {
  const control = createControl();
  computeReshape(job({ control }));
  expect(shareDone(control)).toBeGreaterThan(0.1);
  stopWork(control);
  expect(() => computeReshape(job({ control }))).toThrow('the reshaping was stopped');
});
