import { describe, expect, it } from 'vitest';
import { createClassTable } from '#core/labels/classTable.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { legendRows } from './legendRows.ts';

const table = createClassTable(['Sky', 'Road', 'Car']);

describe('legendRows', () => {
  it('sorts by share and gives each class its IoU', () => {
    const matrix = new ConfusionMatrix(table);
    matrix.add(Uint8Array.of(1, 1, 1, 0), Uint8Array.of(1, 1, 0, 0));
    const rows = legendRows(table, matrix);
    expect(rows.map((row) => row.entry.name)).toEqual(['Road', 'Sky', 'Car']);
    expect(rows[0]).toMatchObject({ share: 0.75, teacherShare: 0.75, studentShare: 0.5, iou: 2 / 3 });
    expect(rows[2]).toMatchObject({ share: 0, iou: null });
  });

  it('lists the table before anything is known', () => {
    expect(legendRows(table, null).map((row) => [row.entry.name, row.share])).toEqual([
      ['Sky', null],
      ['Road', null],
      ['Car', null],
    ]);
  });
});
