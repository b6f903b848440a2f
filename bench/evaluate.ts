/**
 * `tsx bench/evaluate.ts [IMAGES]`: images per second of `dynaseg evaluate` with one process and with two, of one
 * thread each, in turns, so that whatever else the machine does weighs on both alike. Beside it what this machine
 * gives two processes that do nothing but compute, which is the most that two workers can win.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { medianOf } from '../cli/inference/medianOf.ts';
import { writeScenes } from '../cli/commands/scenes.ts';
import { inRepository } from '../scripts/repository.ts';
import { childrenCpuSeconds } from './childrenCpu.ts';

const MODEL = 'dynasegformer-b0-street-k70';
const ROUNDS = 3;
/** The first images: they pay for the start of the processes, and run before their code is compiled well. */
const FEW = 20;
/** Products and sums in registers, many at once: what cores do not share, they do at full speed. */
const LOOP = `let a = 1, b = 1, c = 1, d = 1, e = 1, f = 1;
for (let n = 0; n < 6e8; n++) {
  a = a * 1.0000001 + 1e-9; b = b * 1.0000002 + 1e-9; c = c * 1.0000003 + 1e-9;
  d = d * 1.0000004 + 1e-9; e = e * 1.0000005 + 1e-9; f = f * 1.0000006 + 1e-9;
}
if (a + b + c + d + e + f === 0) throw a;`;

interface Evaluated {
  /** Images per second after the first ones. */
  readonly rate: number;
  /** Seconds from the start to the first image. */
  readonly start: number;
  /** Processor seconds of all processes and threads; NaN where the system does not say. */
  readonly cpu: number;
}

const images = Number(process.argv[2] ?? 80);
const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-bench-'));
try {
  const [all, few] = [join(scratch, 'all'), join(scratch, 'few')];
  const scenes = { seed: 11, width: 480, height: 360, format: 'jpg' } as const;
  await writeScenes({ out: all, count: images, ...scenes });
  await writeScenes({ out: few, count: FEW, ...scenes });
  const rounds: { ratio: number; loops: number; byProcessor: number }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const [one, two] = [await evaluated(all, 1), await evaluated(all, 2)];
    const starts = [await evaluated(few, 1), await evaluated(few, 2)].map(({ cpu }) => cpu);
    const loops = 2 * ((await computed(1)) / (await computed(2)));
    const each = [one, two].map(({ cpu }, n) => (cpu - starts[n]!) / (images - FEW)) as [number, number];
    console.log(`round ${round}`);
    say('1 process', one, each[0]);
    say('2 processes', two, each[1]);
    rounds.push({ ratio: two.rate / one.rate, loops, byProcessor: (2 * each[0]) / each[1] });
    console.log(`  ratio ${words(rounds.at(-1)!)}`);
  }
  const middle = (of: (round: (typeof rounds)[number]) => number): number => medianOf(rounds.map(of));
  const medians = {
    ratio: middle(({ ratio }) => ratio),
    loops: middle(({ loops }) => loops),
    byProcessor: middle(({ byProcessor }) => byProcessor),
  };
  console.log(`median ratio ${words(medians)} (${MODEL}, ${images} images of 480 x 360)`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

function words({ ratio, loops, byProcessor }: Record<'ratio' | 'loops' | 'byProcessor', number>): string {
  return `${ratio.toFixed(2)}, of two plain loops ${loops.toFixed(2)}; by processor time, on two cores with nothing else to do, ${byProcessor.toFixed(2)}`;
}

function say(what: string, { rate, start, cpu }: Evaluated, each: number): void {
  console.log(
    `  ${what.padEnd(12)} ${rate.toFixed(2)} images/s, the first after ${start.toFixed(1)} s; ${cpu.toFixed(1)} processor seconds, ${each.toFixed(3)} for each image more`,
  );
}

async function evaluated(folder: string, workers: number): Promise<Evaluated> {
  const out = join(scratch, `${workers}-${performance.now()}.jsonl`);
  const folders = ['--images', join(folder, 'images'), '--masks', join(folder, 'masks'), '--out', out];
  const settings = ['--model', MODEL, '--threads', '1', '--workers', String(workers)];
  const begun = performance.now();
  const before = await childrenCpuSeconds();
  const whole = ended([inRepository('cli/dynaseg.mjs'), 'evaluate', ...folders, ...settings]);
  const times: number[] = [];
  for (;;) {
    const over = await Promise.race([whole.then(() => true), sleep(20, false)]);
    // A header, then a line per image.
    const lines = (await readFile(out, 'utf8').catch(() => '')).split('\n').length - 2;
    while (times.length < lines) times.push(performance.now());
    if (over) break;
  }
  const steady = times.slice(FEW);
  return {
    rate: ((steady.length - 1) / (steady.at(-1)! - steady[0]!)) * 1000,
    start: (times[0]! - begun) / 1000,
    cpu: (await childrenCpuSeconds()) - before,
  };
}

/** Seconds. */
async function computed(processes: number): Promise<number> {
  const begun = performance.now();
  await Promise.all(Array.from({ length: processes }, () => ended(['-e', LOOP])));
  return (performance.now() - begun) / 1000;
}

function ended(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${String(code)}`)),
    );
  });
}
