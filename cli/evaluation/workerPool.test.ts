import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluationPlanSchema } from '#core/evaluation/evaluationPlan.ts';
import type { ShardLine } from '#core/evaluation/shardFile.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { writeScenes } from '../commands/scenes.ts';
import { catalogFile } from '../repositoryFiles.ts';
import type { EvaluationJob, JobImage } from './evaluationJob.ts';
import { measureAll } from './workerPool.ts';

const LIMIT_MS = 300_000;
const NAMES = ['scene_00001.png', 'scene_00002.png', 'scene_00003.png'];
const images = NAMES.map((name, place): JobImage => ({ name, place, width: 64, height: 48, stamp: '' }));

let folder: string;
let job: EvaluationJob;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-workers-'));
  await writeScenes({ out: folder, count: NAMES.length, seed: 5, width: 64, height: 48, format: 'png' });
  const model = await resolveModel('dynasegformer-b0-street-k70', catalogFile);
  const { id: modelId, name, role, sha256, classTable } = model;
  const plan = evaluationPlanSchema.parse({
    contestants: [{ modelId, name, role, sha256, keepRatio: null }],
    settings: { truth: 'files' },
  });
  const [of, masks] = [join(folder, 'images'), join(folder, 'masks')];
  job = { plan, models: [model], classTable, folder: of, masks, threads: 1 };
}, LIMIT_MS);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What does not depend on how long it took, in the order of the folder. */
async function measured(workers: number): Promise<unknown> {
  const lines: ShardLine[] = [];
  await measureAll(job, images, { workers, onLine: (line) => lines.push(line) });
  lines.sort((a, b) => a.place - b.place);
  return lines.map(({ results, ...line }) => ({
    ...line,
    results: results?.map((result) => ({ ...result, ms: null })),
  }));
}

test('two processes measure what one does, every image once', { timeout: LIMIT_MS }, async () => {
  expect(await measured(2)).toEqual(await measured(1));
});

test('a model that does not open ends all processes', { timeout: LIMIT_MS }, async () => {
  const model = { ...job.models[0]!, onnxFile: join(folder, 'gone.onnx'), sha256: 'f'.repeat(64) };
  const broken = { ...job, models: [model] };
  const onLine = (): void => undefined;
  await expect(measureAll(broken, images, { workers: 2, onLine })).rejects.toThrow('gone.onnx');
});
