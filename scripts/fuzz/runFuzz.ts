import { build } from 'esbuild';
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, ROOT } from '../repository.ts';
import type { FuzzOrder, FuzzReport } from './fuzzChild.ts';
import { FUZZ_KINDS, SHARES, type FuzzKind } from './fuzzKind.ts';

/** Processor time that no input may take. */
export const MOST_MS = 2000;
/** In memory, where the system has it: project files are synced again and again, and what is fuzzed is not the disk. */
const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** So many inputs of a kind in a row are one process's. */
const RANGE = 1000;
/** How often a child is looked at that says nothing. */
const LOOK_MS = 2500;
/** A child that says nothing and uses no processor for this long waits for something that never comes. */
const SILENT_MS = 300_000;
/** Processor time that loading the child itself may take. */
const STARTING_MS = 3000;
/** Of Linux, for the times in /proc. */
const TICK_MS = 10;

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Default: all. */
  readonly kinds?: readonly FuzzKind[];
  /** The one input to look at again; default: all of them. */
  readonly only?: number;
  /** How many processes read at once. Default: one for each processor. */
  readonly jobs?: number;
  readonly log?: (line: string) => void;
}

export interface FuzzDefect {
  readonly kind: FuzzKind;
  readonly index: number;
  readonly what: string;
}

export interface FuzzRow {
  readonly kind: FuzzKind;
  readonly runs: number;
  /** Taken by at least one reader; the others were refused by all, with a message. */
  readonly accepted: number;
  readonly refused: number;
  /** Processor time of the slowest input. */
  readonly slowestMs: number;
  readonly defects: readonly FuzzDefect[];
}

/** How many inputs of a kind there are among all. */
export function inputsOf(kind: FuzzKind, inputs: number): number {
  return Math.max(1, Math.round((inputs * SHARES[kind]) / 100));
}

async function bundleChild(): Promise<string> {
  const outfile = inRepository('.cache', 'fuzz', `fuzzChild-${process.pid}.mjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['scripts/fuzz/fuzzChild.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
    sourcemap: 'inline',
    // The scripts find the repository beside themselves.
    define: {
      'import.meta.url': JSON.stringify(new URL(`file://${inRepository('scripts', 'bundle.mjs')}`).href),
    },
  });
  return outfile;
}

function startChild(script: string, folder: string): ChildProcess {
  return fork(script, [], {
    execArgv: ['--enable-source-maps', '--no-warnings'],
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Processor time of a process so far; null where the system has no /proc. */
function processorTime(pid: number | undefined): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}

interface Part {
  runs: number;
  accepted: number;
  slowestMs: number;
  readonly defects: FuzzDefect[];
}

const newPart = (): Part => ({ runs: 0, accepted: 0, slowestMs: 0, defects: [] });

/** Runs one child until it is done or dies; the index to go on from. */
function runChild(script: string, order: FuzzOrder, part: Part): Promise<number> {
  const child = startChild(script, order.folder);
  let at = order.from;
  let next = order.from;
  let errors = '';
  let silent = false;
  const defect = (what: string) => part.defects.push({ kind: order.kind, index: at, what });
  return new Promise((resolve) => {
    let watchdog: NodeJS.Timeout;
    // On a machine that does other things, time on the wall says little: a child hangs where it computes on and on.
    const watch = () => {
      const begun = processorTime(child.pid);
      const since = performance.now();
      clearTimeout(watchdog);
      const look = () => {
        const used = (processorTime(child.pid) ?? performance.now()) - (begun ?? since);
        if (used > 2 * MOST_MS + STARTING_MS || performance.now() - since > SILENT_MS) {
          silent = true;
          child.kill('SIGKILL');
        } else watchdog = setTimeout(look, LOOK_MS);
      };
      watchdog = setTimeout(look, LOOK_MS);
    };
    watch();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)));
    child.on('message', (message) => {
      const report = message as FuzzReport;
      if (report.type === 'done') {
        clearTimeout(watchdog);
        next = order.to;
        return;
      }
      watch();
      if (report.type === 'begin') {
        at = report.index;
        next = at + 1;
        return;
      }
      part.runs++;
      if (report.type === 'defect') defect(report.what);
      else {
        if (report.accepted) part.accepted++;
        part.slowestMs = Math.max(part.slowestMs, report.processorMs);
        if (report.processorMs > MOST_MS)
          defect(`it took ${Math.round(report.processorMs)} ms of processor time`);
      }
    });
    child.once('close', (code, signal) => {
      clearTimeout(watchdog);
      if (next < order.to || code !== 0) {
        part.runs++;
        defect(
          silent
            ? `it did not end: it computed on and on, or said nothing for ${SILENT_MS} ms`
            : `it ended the process (${code ?? signal}): ${errors.trim()}`,
        );
        if (next === order.from) next = order.to;
      }
      resolve(next);
    });
    child.send(order);
  });
}

/** Inputs of a kind from one number to another, each in a process that goes on until it dies; adds to `part`. */
async function runRange(script: string, range: Omit<FuzzOrder, 'folder'>, part: Part): Promise<void> {
  for (let { from } = range; from < range.to;) {
    const root = await realpath(await mkdtemp(join(DISK, 'dynaseg-fuzz-')));
    const folder = join(root, 'a', 'b', 'target');
    await mkdir(folder, { recursive: true });
    try {
      from = await runChild(script, { ...range, from, folder }, part);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }
}

/**
 * Gives damaged inputs to everything that reads a stranger's file, in processes of their own that may write to one
 * folder alone each. The same seed gives the same inputs. An input that ends or hangs its process is a defect, and the
 * next goes on.
 */
export async function runFuzz(options: FuzzOptions): Promise<FuzzRow[]> {
  const { inputs, seed, kinds = FUZZ_KINDS, only, log = () => undefined } = options;
  const parts = new Map(kinds.map((kind) => [kind, newPart()]));
  const ranges = kinds.flatMap((kind) => {
    if (only !== undefined) return [{ kind, seed, from: only, to: only + 1 }];
    const all = inputsOf(kind, inputs);
    const starts = Array.from({ length: Math.ceil(all / RANGE) }, (_, index) => index * RANGE);
    return starts.map((from) => ({ kind, seed, from, to: Math.min(all, from + RANGE) }));
  });
  const script = await bundleChild();
  const work = async (): Promise<void> => {
    for (let range = ranges.shift(); range; range = ranges.shift()) {
      const part = parts.get(range.kind)!;
      await runRange(script, range, part);
      log(`${range.kind}: ${part.runs} inputs, ${part.defects.length} defects`);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.jobs ?? availableParallelism() }, work));
  } finally {
    await rm(script, { force: true });
  }
  return [...parts].map(([kind, part]) => {
    const refused = Math.max(0, part.runs - part.accepted - part.defects.length);
    return { kind, ...part, refused, defects: part.defects.sort((a, b) => a.index - b.index) };
  });
}
