import { parseArgs } from 'node:util';
import { FUZZ_KINDS, KIND_TITLES, type FuzzKind } from './fuzz/fuzzKind.ts';
import { MOST_MS, runFuzz, type FuzzRow } from './fuzz/runFuzz.ts';
import { exitOnSignals } from './run.ts';

const USAGE = `npm run fuzz -- --inputs 100000 --seed 1 [--kind KIND[,KIND]] [--only INDEX] [--jobs N]
KIND: ${FUZZ_KINDS.join(', ')}. --only: one input again, by the number that a defect was told with.
--jobs: how many processes read at once; one for each processor where it is not said.`;

function printTable(rows: readonly FuzzRow[]): void {
  console.log('| input | runs | accepted | refused | slowest, ms | defects |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  const total = { runs: 0, accepted: 0, refused: 0, defects: 0, slowest: 0 };
  for (const { kind, runs, accepted, refused, slowestMs, defects } of rows) {
    const cells = [KIND_TITLES[kind], runs, accepted, refused, Math.round(slowestMs), defects.length];
    console.log(`| ${cells.join(' | ')} |`);
    total.runs += runs;
    total.accepted += accepted;
    total.refused += refused;
    total.defects += defects.length;
    total.slowest = Math.max(total.slowest, slowestMs);
  }
  const { runs, accepted, refused, defects, slowest } = total;
  console.log(`| all | ${runs} | ${accepted} | ${refused} | ${Math.round(slowest)} | ${defects} |`);
  console.log(
    `\nslowest: processor time of one input; more than ${MOST_MS} ms, a crash, any error that is no`,
  );
  console.log('message of the studio, and a write outside of the one folder are defects');
}

/** Each kind of defect once, by the line of ours that it came from, with the first input that shows it. */
function defectLines(rows: readonly FuzzRow[]): string[] {
  const found = new Map<string, { first: string; count: number }>();
  for (const { kind, index, what } of rows.flatMap(({ defects }) => defects)) {
    const place = /\/((?:core|main)\/[^)]*?):\d+\)/.exec(what)?.[1] ?? what.split('\n')[0]!;
    const known = found.get(`${kind} ${place}`);
    if (known) known.count++;
    else found.set(`${kind} ${place}`, { first: `DEFECT ${kind} ${index}: ${what}`, count: 1 });
  }
  return [...found.values()].map(({ first, count }) => `${first}\n  ${count} inputs show it\n`);
}

function kindsOf(text: string | undefined): FuzzKind[] | undefined {
  return text?.split(',').map((name) => {
    const kind = FUZZ_KINDS.find((known) => known === name.trim());
    if (!kind) throw new Error(`--kind ${name}: there is no such kind\n${USAGE}`);
    return kind;
  });
}

function numberOf(text: string, option: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${option} ${text}: it must be a whole number\n${USAGE}`);
}

exitOnSignals();
try {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      kind: { type: 'string' },
      only: { type: 'string' },
      jobs: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) console.log(USAGE);
  else {
    const rows = await runFuzz({
      inputs: numberOf(values.inputs, 'inputs'),
      seed: numberOf(values.seed, 'seed'),
      kinds: kindsOf(values.kind),
      only: values.only === undefined ? undefined : numberOf(values.only, 'only'),
      jobs: values.jobs === undefined ? undefined : Math.max(1, numberOf(values.jobs, 'jobs')),
      log: (line) => console.error(line),
    });
    for (const line of defectLines(rows)) console.log(line);
    printTable(rows);
    process.exitCode = rows.some(({ defects }) => defects.length > 0) ? 1 : 0;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
