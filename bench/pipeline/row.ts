/** One line of the bench's table. */
export interface Row {
  readonly name: string;
  readonly where: 'Node' | 'Electron';
  /** What was measured, in words with units; or what is missing. */
  readonly text: string;
  /** The figure that is held against the goals; null where it could not be measured. */
  readonly value: number | null;
  readonly must: number;
  readonly aim: number;
  /** Ratios are to be large; shares, milliseconds and megabytes small. */
  readonly better: 'more' | 'less';
}

export function verdictOf({ value, must, aim, better }: Row): string {
  if (value === null || Number.isNaN(value)) return 'not measured';
  const reaches = (goal: number): boolean => (better === 'more' ? value >= goal : value <= goal);
  return reaches(aim) ? 'reaches the aim' : reaches(must) ? 'reaches the must' : 'below the must';
}

export function missing(row: Omit<Row, 'text' | 'value'>, error: unknown): Row {
  const reason = error instanceof Error ? error.message : String(error);
  return { ...row, value: null, text: `not measured: ${reason.split('\n')[0] ?? reason}` };
}
