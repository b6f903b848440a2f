import { expect, it } from 'vitest';
import { classId } from '../labels/classTable.ts';
import { MaskRaster } from './maskRaster.ts';
import { growRegion, paintRegion } from './growRegion.ts';

const ROWS = ['1100', '0110', '1001'];
const SIZE = { width: 4, height: 3 };
const isOne = (x: number, y: number) => ROWS[y]![x] === '1';

it('is what is contiguous by edges', () => {
  const region = growRegion(SIZE, 0, 0, isOne)!;
  expect([...region.runs]).toEqual([0, 0, 2, 1, 1, 3]);
  expect(region).toMatchObject({ rect: { x: 0, y: 0, width: 3, height: 2 }, area: 4 });
  expect(growRegion(SIZE, 3, 2, isOne)?.area).toBe(1);
  expect(growRegion(SIZE, 2, 0, isOne)).toBeNull();
  expect(growRegion(SIZE, 4, 0, () => true)).toBeNull();
});

it('finds its way around bends', () => {
  const rows = ['11111', '10001', '10101', '10111'];
  const region = growRegion({ width: 5, height: 4 }, 2, 2, (x, y) => rows[y]![x] === '1');
  expect(region?.area).toBe(14);
});

it('is painted where it lies, with what locks leave of it', () => {
  const raster = new MaskRaster({ width: 4, height: 3, ignoreId: classId(9) });
  raster.beginStep();
  paintRegion(raster, growRegion(SIZE, 0, 0, isOne)!, classId(5));
  raster.endStep();
  expect(Array.from(raster.ids).join('')).toBe('559995599999');
});
