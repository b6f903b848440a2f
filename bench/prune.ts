import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRepository } from '../scripts/repository.ts';
import { exitOnSignals } from '../scripts/run.ts';
import { readEvaluation, runDynaseg } from './pipeline/runDynaseg.ts';
import { pruneTable, type PruneRow } from './prune/pruneTable.ts';

/*
 * What a student made without training loses, against the same model cut by magnitude at the same budget:
 *
 *   npx tsx bench/prune.ts --teacher DIR --calibrate DIR --images DIR --masks DIR
 *
 * Calibrate on frames that are not measured on; take a teacher that has seen neither the frames that are measured on nor
 * their drive. `--student DIR` adds a distilled one; `--budgets 0.8,0.7,0.6`; `--out DIR` is where the students lie,
 * by default `.cache/bench/prune`: what is there already is measured, not made again.
 */
exitOnSignals();
const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const required = (name: string): string => {
  const value = argument(name);
  if (value !== undefined) return value;
  console.error(
    `prune bench: ${name} is missing; --teacher, --calibrate, --images and --masks each take a folder`,
  );
  process.exit(2);
};
const teacher = required('--teacher');
const calibrate = required('--calibrate');
const measured = ['--images', required('--images'), '--masks', required('--masks')];
const student = argument('--student');
const budgets = (argument('--budgets') ?? '0.8,0.7,0.6').split(',');
const threads = argument('--threads') ?? '2';
const out = argument('--out') ?? inRepository('.cache', 'bench', 'prune');

const dynaseg = (...args: readonly string[]): Promise<string> =>
  runDynaseg([...args, '--threads', threads, '--json']);

async function evaluate(
  model: string,
  ...more: readonly string[]
): Promise<ReturnType<typeof readEvaluation>> {
  const key = `${model} ${measured.join(' ')} ${more.join(' ')}`.replaceAll(/\W+/g, '_');
  const kept = join(out, 'measured', `${key}.json`);
  const known = await readFile(kept, 'utf8').catch(() => null);
  const text = known ?? (await dynaseg('evaluate', '--model', model, ...measured, ...more));
  const evaluation = readEvaluation(text);
  if (known === null) await writeFile(kept, text);
  return evaluation;
}

async function prune(method: 'static' | 'dynamic', budget: string): Promise<string> {
  const folder = join(out, `${method}-${budget}`);
  const made = await readFile(join(folder, 'card.json')).catch(() => null);
  if (made !== null) return folder;
  await rm(folder, { recursive: true, force: true });
  await dynaseg('prune', teacher, '--images', calibrate, '--budget', budget, '--method', method, '--out', folder); // prettier-ignore
  return folder;
}

await mkdir(join(out, 'measured'), { recursive: true });
const whole = await evaluate(teacher);
const rows: PruneRow[] = [];
for (const budget of budgets) {
  const fixed = await evaluate(await prune('static', budget));
  const dynamic = await evaluate(await prune('dynamic', budget));
  rows.push({ budget: Number(budget), static: fixed, dynamic });
  console.error(pruneTable(whole, rows).at(-1));
}
console.log(pruneTable(whole, rows).join('\n'));
if (student !== undefined) {
  for (const keep of ['0.7', '0.5']) {
    const { miou, gmacs } = await evaluate(student, '--keep', keep);
    console.log(
      `distilled student, keep ${keep}: ${(miou * 100).toFixed(1)}, loses ${((whole.miou - miou) * 100).toFixed(1)}, ${gmacs.toFixed(2)} G`,
    );
  }
}
console.log(
  `${whole.images} images of ${measured[1]!}; teacher ${(whole.miou * 100).toFixed(1)} mIoU, ${whole.gmacs.toFixed(2)} G multiply-adds; calibrated on ${calibrate}`,
);
