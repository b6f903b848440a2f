import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EvaluationReport } from '#core/report/evaluationReport.ts';
import { writeScenes } from '../commands/scenes.ts';

const PROGRAM = fileURLToPath(new URL('../dynaseg.mjs', import.meta.url));
const KILLS = 10;
const IMAGES = KILLS + 2;
const LIMIT_MS = 900_000;
const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-killed-'));
  const out = join(folder, 'street');
  await writeScenes({ out, count: IMAGES, seed: 3, width: 64, height: 48, format: 'png' });
}, LIMIT_MS);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const evaluation = (name: string): string[] => [
  PROGRAM,
  'evaluate',
  ...['--model', 'segformer-b0-street', '--model', 'dynasegformer-b0-street-k70', '--keep', '0.5'],
  ...['--images', join(folder, 'street/images'), '--masks', join(folder, 'street/masks')],
  ...['--out', join(folder, `${name}.jsonl`), '--report', join(folder, name), '--threads', '1'],
];

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];

/** Kills the process when it has written one more line. */
function killAfterALine(args: readonly string[], file: string): Promise<void> {
  const before = Math.max(1, linesOf(file).length);
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const look = setInterval(() => {
    if (linesOf(file).length > before) child.kill('SIGKILL');
  }, 5);
  return new Promise((resolve) => {
    child.once('exit', () => {
      clearInterval(look);
      resolve();
    });
  });
}

/** What does not depend on how long things took or when. */
function lasting(name: string): unknown {
  const report = JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')) as EvaluationReport;
  const { figures, galleries, folder: of, images, plan, classTable, problems } = report;
  return {
    contestants: figures.contestants.map(({ contestant, quality, agreement, calibration, cost }) => ({
      ...{ contestant, quality, agreement, calibration },
      macs: cost.macs,
    })),
    galleries: galleries.filter(({ metric }) => metric !== 'milliseconds'),
    ...{ of, images, plan, classTable, problems },
  };
}

test(
  'a run that was killed ten times gives the report of one that was not',
  { timeout: LIMIT_MS },
  async () => {
    const file = join(folder, 'killed.jsonl');
    for (let kill = 0; kill < KILLS; kill++) await killAfterALine(evaluation('killed'), file);
    expect(existsSync(join(folder, 'killed/report.json'))).toBe(false);
    await run(process.execPath, evaluation('killed'));
    await run(process.execPath, evaluation('whole'));
    expect(lasting('killed')).toEqual(lasting('whole'));
    // No image was computed twice, but for one that was under way at each kill and not yet written.
    const images = linesOf(file)
      .slice(1)
      .map((line) => (JSON.parse(line) as { image: string }).image);
    expect(new Set(images).size).toBe(IMAGES);
    expect(images).toHaveLength(IMAGES);
  },
);
