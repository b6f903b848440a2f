import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeScenes } from '../commands/scenes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GUIDE = readFileSync(join(ROOT, 'docs/evaluation.md'), 'utf8');
const run = promisify(execFile);
const LIMIT_MS = 600_000;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-docs-'));
  await writeScenes({ out: join(folder, 'street'), count: 3, seed: 7, width: 64, height: 48, format: 'jpg' });
  // `npx dynaseg` finds the program where the repository is installed.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}, LIMIT_MS);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The shell lines of the block that follows a text of the guide. */
function blockAfter(text: string): string[] {
  const after = GUIDE.slice(GUIDE.indexOf(text));
  const block = /```(?:sh|yaml)\n([\s\S]*?)```/.exec(after)?.[1] ?? '';
  return block.split('\n');
}

async function shell(line: string, env: Record<string, string> = {}): Promise<string> {
  const command = line.replace('npx dynaseg', `"${process.execPath}" "${join(ROOT, 'cli/dynaseg.mjs')}"`);
  expect(command).not.toBe(line);
  const { stdout } = await run('sh', ['-c', command], { cwd: folder, env: { ...process.env, ...env } });
  return stdout;
}

interface Printed {
  readonly images: number;
  readonly contestants: readonly { readonly quality: unknown }[];
}
const printed = (stdout: string) => JSON.parse(stdout) as Printed;

test(
  "the guide's shards, the array's and the indexed job's lines add up to the figures of one run",
  { timeout: LIMIT_MS },
  async () => {
    const [first, second, merge] = blockAfter('## Shards');
    await shell(first!);
    await shell(second!);
    const merged = printed(await shell(merge!));
    expect(merged.images).toBe(3);

    const data = { IMAGES: 'street/images', MASKS: 'street/masks', RESULTS: '.' };
    const array = blockAfter('### Slurm array').find((line) => line.startsWith('npx dynaseg evaluate'))!;
    const slurm = { ...data, SLURM_ARRAY_TASK_COUNT: '1', SLURM_ARRAY_TASK_ID: '0', RESULTS: 'slurm' };
    await shell(array, slurm);
    await shell('npx dynaseg merge "$RESULTS"/shard-*.jsonl --report "$RESULTS/report"', slurm);
    expect(GUIDE).toContain('npx dynaseg merge "$RESULTS"/shard-*.jsonl --report "$RESULTS/report"');
    const report = JSON.parse(readFileSync(join(folder, 'slurm/report/report.json'), 'utf8')) as {
      figures: Printed;
    };
    // One run and two shards: the same to the last digit.
    expect(report.figures.contestants[0]!.quality).toEqual(merged.contestants[0]!.quality);

    const job = blockAfter('### Kubernetes').find((line) =>
      line.trim().startsWith('- npx dynaseg evaluate'),
    )!;
    const pod = { ...data, JOB_COMPLETION_INDEX: '2', SHARDS: '3', RESULTS: 'pods' };
    await shell(job.trim().slice(2), pod);
    const lines = readFileSync(join(folder, 'pods/shard-2.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('scene_00003');
  },
);
