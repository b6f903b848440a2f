import { className, type ClassTable } from '../labels/classTable.ts';
import type { Verdict } from './verdict.ts';

export interface LedgerCount {
  readonly regions: number;
  readonly pixels: number;
}

/** Who was wrong where this class was the right one. Each region counts once. */
export interface LedgerClass {
  readonly id: number;
  readonly name: string;
  /** The student was right. */
  readonly teacherWrong: LedgerCount;
  /** The teacher was right. */
  readonly studentWrong: LedgerCount;
  /** It was neither's class. */
  readonly bothWrong: LedgerCount;
}

/** What the verdicts on the disputes of one teacher and one student amount to. */
export interface Ledger {
  readonly teacher: Verdict['teacher'];
  readonly student: Verdict['student'];
  /** Verdicts in all. */
  readonly decided: LedgerCount;
  /** Of them left as ignore: nobody is said to be right. */
  readonly ignored: LedgerCount;
  readonly total: Omit<LedgerClass, 'id' | 'name'>;
  /** Classes with a verdict, in the order of the table, those that it no longer has at the end. */
  readonly classes: readonly LedgerClass[];
}

type Wrong = keyof Omit<LedgerClass, 'id' | 'name'>;

const WRONG: Readonly<Record<Exclude<Verdict['kind'], 'ignore'>, Wrong>> = {
  teacher: 'studentWrong',
  student: 'teacherWrong',
  neither: 'bothWrong',
};

const NONE: LedgerCount = { regions: 0, pixels: 0 };
const NOBODY: Omit<LedgerClass, 'id' | 'name'> = { teacherWrong: NONE, studentWrong: NONE, bothWrong: NONE };

/** One ledger for each pair of models that verdicts were given on, in the order of their first verdict. */
export function ledgersOf(verdicts: Iterable<Verdict>, table: ClassTable): readonly Ledger[] {
  const pairs = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    // Their classes were merged since: they say the same now, and nobody is wrong.
    if (verdict.kind !== 'ignore' && verdict.teacherClass === verdict.studentClass) continue;
    const key = `${verdict.teacher.id}\n${verdict.teacher.sha256}\n${verdict.student.id}\n${verdict.student.sha256}`;
    const pair = pairs.get(key);
    if (pair) pair.push(verdict);
    else pairs.set(key, [verdict]);
  }
  return [...pairs.values()].map((pair) => ledgerOf(pair, table));
}

function ledgerOf(verdicts: readonly Verdict[], table: ClassTable): Ledger {
  const first = verdicts[0]!;
  const byClass = new Map<number, typeof NOBODY>();
  let total = NOBODY;
  let decided = NONE;
  let ignored = NONE;
  for (const { kind, finalClass, area } of verdicts) {
    decided = plus(decided, area);
    if (kind === 'ignore') {
      ignored = plus(ignored, area);
      continue;
    }
    const who = WRONG[kind];
    const before = byClass.get(finalClass) ?? NOBODY;
    byClass.set(finalClass, { ...before, [who]: plus(before[who], area) });
    total = { ...total, [who]: plus(total[who], area) };
  }
  const order = table.classes.map(({ id }): number => id);
  const rank = (id: number): number => (order.includes(id) ? order.indexOf(id) : order.length + id);
  const classes = [...byClass]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([id, counts]) => ({ id, name: className(table, id), ...counts }));
  return { teacher: first.teacher, student: first.student, decided, ignored, total, classes };
}

const plus = ({ regions, pixels }: LedgerCount, area: number): LedgerCount => ({
  regions: regions + 1,
  pixels: pixels + area,
});
