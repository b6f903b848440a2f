import type { ClassEntry, ClassTable } from '#core/labels/classTable.ts';
import type { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { perClassIou } from '#core/metrics/iou.ts';

export interface LegendRow {
  readonly entry: ClassEntry;
  /** Of the picture's pixels, 0 to 1; the larger of teacher's and student's share. null: not known yet. */
  readonly share: number | null;
  readonly teacherShare: number | null;
  readonly studentShare: number | null;
  /** Teacher against student; null where neither has the class. */
  readonly iou: number | null;
}

/** The classes of a picture, the largest first; those that are not in it last, in the table's order. */
export function legendRows(table: ClassTable, matrix: ConfusionMatrix | null): readonly LegendRow[] {
  if (!matrix) {
    return table.classes.map((entry) => ({
      entry,
      share: null,
      teacherShare: null,
      studentShare: null,
      iou: null,
    }));
  }
  const total = matrix.counts.reduce((sum, count) => sum + count, 0) || 1;
  const ious = perClassIou(matrix);
  const rows = matrix.ids.map((id, index) => {
    const entry = table.classes.find((one) => one.id === id);
    const teacherShare = matrix.truthTotal(index) / total;
    const studentShare = matrix.predictedTotal(index) / total;
    return (
      entry && {
        entry,
        share: Math.max(teacherShare, studentShare),
        teacherShare,
        studentShare,
        iou: ious[index] ?? null,
      }
    );
  });
  return rows.filter((row) => row !== undefined).sort((a, b) => b.share - a.share);
}
