import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inRepository, ROOT } from './repository.ts';
import { exitOnSignals, run, type RunOptions } from './run.ts';
import { countsLine, holdToExitCode, summaryLines, type Counts, type PartResult } from './testSummary.ts';

export interface TestPart {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly options?: RunOptions;
  /** Where the runner writes its report, relative to the root. Without one the command is one test. */
  readonly report?: {
    readonly path: string;
    readonly count: (text: string) => Counts | null;
  };
}

/** Whatever hangs is a failure after this long. */
const PART_WITHIN_MS = 12 * 60 * 1000;

/** A program of node_modules/.bin. */
export function localProgram(name: string): string {
  return inRepository('node_modules', '.bin', name);
}

exitOnSignals();

/** Runs one part and counts its tests. Its output is shown as it comes. */
export async function runPart(part: TestPart): Promise<PartResult> {
  console.log(`\n=== ${part.name}`);
  const begun = performance.now();
  const report = part.report && inRepository(part.report.path);
  if (report) {
    await rm(report, { force: true });
    await mkdir(dirname(report), { recursive: true });
  }
  const options = { cwd: ROOT, show: true, timeoutMs: PART_WITHIN_MS, ...part.options };
  const { code, stderr } = await run(part.command, part.args, options);
  if (code === 124) console.log(`${part.name}: ended after ${options.timeoutMs / 60_000} minutes`);
  if (code === 127) console.log(`${part.name}: ${stderr}`);
  const seconds = (performance.now() - begun) / 1000;
  if (!report)
    return { name: part.name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, seconds };
  const text = await readFile(report, 'utf8').catch(() => null);
  const counts = text === null ? null : part.report.count(text);
  return { name: part.name, ...holdToExitCode(counts, code), seconds };
}

/** Prints the summary, its last line the counts, and sets the exit status. */
export function concludeTests(results: readonly PartResult[]): void {
  console.log('');
  for (const line of summaryLines(results)) console.log(line);
  console.log(countsLine(results));
  process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
}
