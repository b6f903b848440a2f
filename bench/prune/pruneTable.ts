/** Of one model on the frames that are measured on. Mean IoU from 0 to 1. */
export interface Measured {
  readonly miou: number;
  /** 10^9 multiply-adds of a run. */
  readonly gmacs: number;
}

export interface PruneRow {
  /** Share of the multiply-adds that may stay. */
  readonly budget: number;
  readonly static: Measured;
  readonly dynamic: Measured;
}

/** A dynamic student may lose so much of what the static one loses. */
const MAY_LOSE = 0.5;

/** Lines of the table: a header, then a line per budget. Mean IoU and losses in points. */
export function pruneTable(teacher: Measured, rows: readonly PruneRow[]): string[] {
  const header = ['budget', 'static', 'loses', 'dynamic', 'loses', 'of static', 'G static', 'G dynamic', ''];
  const lines = rows.map((row) => {
    const losses = [row.static, row.dynamic].map(({ miou }) => teacher.miou - miou) as [number, number];
    const share = losses[1] / losses[0];
    // Nothing lost is nothing to halve.
    const holds = losses[1] <= Math.max(0, losses[0]) * MAY_LOSE;
    const points = (value: number) => (value * 100).toFixed(1);
    return [
      row.budget.toFixed(2),
      points(row.static.miou),
      points(losses[0]),
      points(row.dynamic.miou),
      points(losses[1]),
      losses[0] > 0 ? `${(share * 100).toFixed(0)}%` : '-',
      row.static.gmacs.toFixed(2),
      row.dynamic.gmacs.toFixed(2),
      holds ? 'at most half' : 'more than half',
    ];
  });
  return [header, ...lines].map(
    (cells) =>
    cells.map((cell, column) => (column === 8 ? cell : cell.padStart(9))).join('  ').trimEnd(), // prettier-ignore
  );
}
