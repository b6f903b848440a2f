import { expect, it } from 'vitest';
import { classId } from '../labels/classTable.ts';
import { MaskRaster } from './maskRaster.ts';
import { copiedSpans, filteredSpans } from './spanSink.ts';

const painted = (write: (raster: MaskRaster) => void): string => {
  const raster = new MaskRaster({ width: 6, height: 1, ignoreId: classId(9) });
  raster.beginStep();
  write(raster);
  raster.endStep();
  return Array.from(raster.ids).join('');
};

it('lets through what is allowed, also beyond the edges of the mask', () => {
  const asked: number[] = [];
  const result = painted((raster) => {
    const sink = filteredSpans(raster, (x) => {
      asked.push(x);
      return x !== 2 && x < 5;
    });
    sink.setSpan(0, -3, 99, classId(1));
    sink.setSpan(-1, 0, 6, classId(1));
    sink.setSpan(1, 0, 6, classId(1));
  });
  expect(result).toBe('119119');
  expect(Math.min(...asked)).toBe(0);
  expect(Math.max(...asked)).toBe(5);
});

it('copies another class map', () => {
  const source = { width: 6, height: 1, ids: Uint8Array.of(0, 0, 3, 4, 4, 4) };
  expect(painted((raster) => copiedSpans(raster, source).setSpan(0, 1, 5, classId(7)))).toBe('903449');
  expect(painted((raster) => copiedSpans(raster, source).setSpan(2, 1, 5, classId(7)))).toBe('999999');
});
