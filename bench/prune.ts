import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { inRepository } from '../scripts/repository.ts';
import { exitOnSignals, run } from '../scripts/run.ts';
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

async function dynaseg(...args: readonly string[]): Promise<string> {
  console.error(`dynaseg ${args.join(' ')}`);
  const { code, stdout, stderr } = await run(process.execPath, [
    inRepository('cli', 'dynaseg.mjs'),
    ...args,
    '--threads',
    threads,
    '--json',
  ]);
  if (code === 0) return stdout;
  throw new Error(`dynaseg ${args[0] ?? ''} ended with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}

const evaluationSchema = z.object({ miou: z.number(), gmacs: z.number(), images: z.number() });

async function evaluate(
  model: string,
  ...more: readonly string[]
): Promise<z.infer<typeof evaluationSchema>> {
  const key = `${model} ${measured.join(' ')} ${more.join(' ')}`.replaceAll(/[^\w.]+/g, '_');
  const kept = join(out, 'measured', `${key}.json`);
  const known = await readFile(kept, 'utf8').catch(() => null);
  const text = known ?? (await dynaseg('evaluate', '--model', model, ...measured, ...more));
  const evaluation = evaluationSchema.parse(JSON.parse(text));
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
