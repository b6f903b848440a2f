import { medianOf } from '../../cli/inference/medianOf.ts';
import { GOALS } from './goals.ts';
import type { Row } from './row.ts';
import { medianIn, ratioIn, takeTurns, type Series } from './series.ts';

/** What can be run and timed in one place, Node or Electron. Each gives milliseconds. */
export interface Contestants {
  readonly where: Row['where'];
  /** Decode to class map, at an image size. */
  readonly peer: (image: 'small' | 'large') => Promise<number>;
  readonly ours: (image: 'small' | 'large') => Promise<{ total: number; postprocess: number }>;
  /** Inference alone, all fed the same size: of 150 classes, and of the street models. */
  readonly inference: Readonly<Record<InferenceName, () => Promise<number>>>;
}

type InferenceName = 'plain150' | 'exact150' | 'plain11' | 'teacher' | StudentName;
type StudentName = 'keep70' | 'keep50' | 'light' | 'lightSmall';

export interface TimedRows {
  readonly rows: readonly Row[];
  readonly series: readonly Series[];
}

/** All rows that are ratios of times. `within`: the students near enough to their teacher to be the best one. */
export async function timedRows(
  { where, peer, ours, inference }: Contestants,
  options: { rounds: number; within: readonly StudentName[]; log: (line: string) => void },
): Promise<TimedRows> {
  const { rounds, within, log } = options;
  const series: Series[] = [];
  const rows: Row[] = [];
  const add = (row: Row): void => {
    rows.push(row);
    log(`${row.where}: ${row.name}: ${row.text}`);
  };
  let share = NaN;
  for (const size of ['small', 'large'] as const) {
    log(`${where}: whole pipeline, ${size} image`);
    const shares: number[] = [];
    const one = await takeTurns(`${where}, whole pipeline, ${size}`, rounds, {
      'transformers.js': () => peer(size),
      ours: async () => {
        const { total, postprocess } = await ours(size);
        shares.push(postprocess / total);
        return total;
      },
    });
    series.push(one);
    add(ratioRow(one, 'transformers.js', 'ours', { ...GOALS[size], where }));
    if (size === 'large') share = medianOf(shares.slice(1));
  }
  log(`${where}: inference`);
  const wide = await takeTurns(`${where}, inference, 150 classes, 512x512`, rounds, {
    plain: inference.plain150,
    exact: inference.exact150,
  });
  const { plain11: plain, teacher, keep70, keep50, light, lightSmall } = inference;
  const street = await takeTurns(`${where}, inference, 11 classes, street models' size`, rounds, {
    plain,
    teacher,
    keep70,
    keep50,
    light,
    lightSmall,
  });
  series.push(wide, street);
  add(ratioRow(wide, 'plain', 'exact', { ...GOALS.exact, where }));
  add(ratioRow(street, 'plain', 'keep70', { ...GOALS.keep70, where }));
  add(ratioRow(street, 'plain', 'keep50', { ...GOALS.keep50, where }));
  const noBest = 'not measured: no student is within 1.0 mIoU of its teacher';
  const [best] = [...within].sort((a, b) => ratioIn(street, 'plain', b) - ratioIn(street, 'plain', a));
  if (best === undefined) {
    add({ ...GOALS.best, where, value: null, text: noBest });
  } else {
    const row = ratioRow(street, 'plain', best, { ...GOALS.best, where });
    add({ ...row, text: `${row.text}, ${best}` });
  }
  add({ ...GOALS.share, where, value: share, text: `${(share * 100).toFixed(1)}%` });
  return { rows, series };
}

function ratioRow(series: Series, slow: string, fast: string, goal: Omit<Row, 'text' | 'value'>): Row {
  const value = ratioIn(series, slow, fast);
  const times = [slow, fast].map((name) => medianIn(series, name).toFixed(0));
  return { ...goal, value, text: `${value.toFixed(2)}x (${times.join(' and ')} ms)` };
}
