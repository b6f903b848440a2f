import { expect, it } from 'vitest';
import { classId } from '../labels/classTable.ts';
import { MaskRaster } from './maskRaster.ts';
import { applyMorphology, type MorphologyKind } from './morphology.ts';
import { growRegion } from './growRegion.ts';

function after(
  rows: readonly string[],
  kind: MorphologyKind,
  amount: number,
  options: { at?: readonly [number, number]; locked?: number } = {},
): string[] {
  const width = rows[0]!.length;
  const raster = new MaskRaster({
    ...{ width, height: rows.length, ignoreId: classId(9) },
    ids: Uint8Array.from(rows.join(''), Number),
  });
  if (options.locked !== undefined) {
    const writable = new Uint8Array(65536).fill(1);
    writable[options.locked] = 0;
    raster.setWritable(writable);
  }
  const { at } = options;
  const region = at ? growRegion(raster, ...at, (x, y) => raster.ids[y * width + x] === 1) : null;
  raster.beginStep();
  applyMorphology(raster, { kind, amount, id: classId(1), region });
  raster.endStep();
  return rows.map((_, y) => Array.from(raster.ids.subarray(y * width, (y + 1) * width)).join(''));
}

it.each(['grow', 'shrink', 'smooth', 'fillHoles', 'removeSpecks'] as const)(
  'says how far it is, and stops where it is told: %s',
  (kind) => {
    const make = () => {
      const raster = new MaskRaster({ width: 8, height: 300, ignoreId: classId(9) });
      raster.beginStep();
      for (let y = 0; y < 300; y++) raster.setSpan(y, 2, 4 + (y % 3), classId(1));
      return raster;
    };
    const shares: number[] = [];
    const task = { kind, amount: 2, id: classId(1), region: null };
    applyMorphology(make(), task, (share) => shares.push(share));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.1);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    const stop = () => {
      throw new Error('stopped');
    };
    expect(() => applyMorphology(make(), task, stop)).toThrow('stopped');
  },
);

it('grows by a disc, and not over locked classes', () => {
  expect(after(['00000', '00100', '00000'], 'grow', 1)).toEqual(['00100', '01110', '00100']);
  expect(after(['00000', '00120', '00000'], 'grow', 1, { locked: 2 })).toEqual(['00100', '01120', '00100']);
});

it('shrinks to what is beside it, and not away from the edge of the picture', () => {
  const rows = ['022220', '011110', '011110', '011110', '033330'];
  expect(after(rows, 'shrink', 1)).toEqual(['022220', '002200', '001100', '003300', '033330']);
  expect(after(['1111', '1111'], 'shrink', 3)).toEqual(['1111', '1111']);
});

it('fills holes up to a size, and bays not at all', () => {
  const rows = ['1111111', '1010001', '1111101', '1011111', '0000000'];
  expect(after(rows, 'fillHoles', 0)).toEqual(['1111111', '1111111', '1111111', '1011111', '0000000']);
  expect(after(rows, 'fillHoles', 1)).toEqual(['1111111', '1110001', '1111101', '1011111', '0000000']);
});

it('removes specks of a class, each into what surrounds it', () => {
  expect(after(['100022', '000212', '110222', '110000'], 'removeSpecks', 4)).toEqual([
    ...['000022', '000222', '110222', '110000'],
  ]);
});

it('smooths edges: spikes go, notches close', () => {
  const rows = ['0000000', '0001000', '1111111', '1111111', '1110111'];
  expect(after(rows, 'smooth', 1)).toEqual(['0000000', '0000000', '1111111', '1111111', '1111111']);
});

it('works on one region alone', () => {
  expect(after(['1000', '0000', '0001'], 'grow', 1, { at: [0, 0] })).toEqual(['1100', '1000', '0001']);
});
