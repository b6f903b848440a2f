/**
 * `tsx bench/evaluate.ts [IMAGES]`: images per second of `dynaseg evaluate` with one process and with two, of one
 * thread each, in turns, so that whatever else the machine does weighs on both alike.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluationPlanSchema } from '#core/evaluation/evaluationPlan.ts';
import { medianOf } from '../cli/inference/medianOf.ts';
import { writeScenes } from '../cli/commands/scenes.ts';
import type { EvaluationJob } from '../cli/evaluation/evaluationJob.ts';
import { measureAll } from '../cli/evaluation/workerPool.ts';
import { catalogFile } from '../cli/repositoryFiles.ts';
import { listImageFolder } from '../main/node/imageFolder.ts';
import { resolveModel } from '../main/node/modelCatalog.ts';

const MODEL = 'dynasegformer-b0-street-k70';
const ROUNDS = 3;
/** The first images of each process pay for its start. */
const WARM = 4;

const images = Number(process.argv[2] ?? 24);
const folder = await mkdtemp(join(tmpdir(), 'dynaseg-bench-'));
try {
  await writeScenes({ out: folder, count: images, seed: 11, width: 480, height: 360, format: 'jpg' });
  const model = await resolveModel(MODEL, catalogFile);
  const { id: modelId, name, role, sha256, classTable } = model;
  const job: EvaluationJob = {
    plan: evaluationPlanSchema.parse({
      contestants: [{ modelId, name, role, sha256, keepRatio: null }],
      settings: { truth: 'files' },
    }),
    models: [model],
    classTable,
    folder: join(folder, 'images'),
    masks: join(folder, 'masks'),
    threads: 1,
  };
  const listing = await listImageFolder(folder);
  const work = listing.images.map(({ name: image, width, height }, place) => ({
    ...{ name: image, place, width, height },
    stamp: '',
  }));

  /** Images per second once every process has started. */
  const rate = async (workers: number): Promise<number> => {
    const times: number[] = [];
    await measureAll(job, work, { workers, onLine: () => times.push(performance.now()) });
    const steady = times.slice(WARM);
    return ((steady.length - 1) / (steady.at(-1)! - steady[0]!)) * 1000;
  };

  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const one = await rate(1);
    const two = await rate(2);
    ratios.push(two / one);
    console.log(
      `round ${round}: 1 process ${one.toFixed(2)} images/s, 2 processes ${two.toFixed(2)} images/s, ratio ${(two / one).toFixed(2)}`,
    );
  }
  console.log(`median ratio ${medianOf(ratios).toFixed(2)} (${MODEL}, ${images} images of 480 x 360)`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
