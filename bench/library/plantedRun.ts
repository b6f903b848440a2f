import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  evaluationPlanSchema,
  outputKey,
  referenceIndex,
  resultKey,
} from '#core/evaluation/evaluationPlan.ts';
import { IMAGE_METRICS, METRIC_FACTS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import { imageMetrics } from '#core/evaluation/imageMetrics.ts';
import type { ImageResult } from '#core/evaluation/imageResult.ts';
import { gateBitsText } from '#core/evaluation/packedGates.ts';
import { countsBy } from '#core/metrics/boundary.ts';
import { CALIBRATION_BINS } from '#core/metrics/calibration.ts';
import { seededRandom } from '#core/mask/seededRandom.ts';
import { catalogFile } from '../../cli/repositoryFiles.ts';
import { Evaluations } from '../../main/node/evaluations.ts';
import { truthStates } from '../../main/node/evaluationTruth.ts';
import { listImageFolder } from '../../main/node/imageFolder.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { Project } from '../../main/node/project.ts';

const MODELS = ['segformer-b0-street', 'dynasegformer-b0-street-k70'] as const;
/** Its place among them. */
const STUDENT = 1;
const NEURONS = 4608;

/** Which image is the first of the list, by each figure of the student with the worst first. */
export type FirstImages = Readonly<Record<ImageMetric, string>>;

/**
 * Puts a run of teacher and student over a folder into its project, measured on all images but the last `left`: figures
 * as they might be, from a seed. Tells which images then come first.
 */
export async function plantRun(folder: string, projectsFolder: string, left: number): Promise<FirstImages> {
  const models = await Promise.all(MODELS.map((id) => resolveModel(id, catalogFile)));
  const plan = evaluationPlanSchema.parse({
    contestants: models.map(({ id: modelId, name, role, sha256 }) => {
      return { modelId, name, role, sha256, keepRatio: null };
    }),
    settings: {},
  });
  const listing = await listImageFolder(folder);
  const project = await Project.open(listing, { projectsFolder, classTable: models[0]!.classTable });
  try {
    const { evaluations: table } = project.store;
    const { keyOf } = truthStates(project, plan.settings.truth);
    const random = seededRandom(6);
    const reference = referenceIndex(plan);
    const runId = table.createRun('planted', plan);
    const images = project.store.images();
    // A few files under many names.
    const hashes = new Map<number, string>();
    for (const { id, name, width, height, bytes, mtimeMs } of images.slice(0, images.length - left)) {
      let sha256 = hashes.get(bytes);
      sha256 ??= createHash('sha256')
        .update(await readFile(join(listing.folder, name)))
        .digest('hex');
      hashes.set(bytes, sha256);
      const results = plan.contestants.map((_, index) =>
        resultOf({ width, height }, index === reference, {
          random,
          classes: project.classTable.classes.length,
        }),
      );
      table.setHash(id, { bytes, mtimeMs: Math.trunc(mtimeMs), sha256 });
      table.put({
        imageId: id,
        sha256,
        truthKey: await keyOf(id),
        results: results.map((result, index) => ({
          resultKey: resultKey(plan, index),
          outputKey: outputKey(plan.contestants[index]!, plan.settings),
          result,
          metrics: imageMetrics(result, index === reference ? null : results[0]!, project.classTable),
          map: null,
        })),
      });
    }
    const evaluations = new Evaluations(project, () => undefined);
    const firsts: Partial<Record<ImageMetric, string>> = {};
    for (const metric of IMAGE_METRICS) {
      const descending = METRIC_FACTS[metric].worst === 'highest';
      const sort = { by: 'metric', contestant: STUDENT, metric, descending } as const;
      const { rows } = await evaluations.results(runId, { filter: {}, sort }, { offset: 0, limit: 1 });
      firsts[metric] = rows[0]?.name;
    }
    return firsts as FirstImages;
  } finally {
    project.close();
  }
}

interface Chance {
  readonly random: () => number;
  readonly classes: number;
}

function resultOf(
  size: { width: number; height: number },
  isReference: boolean,
  chance: Chance,
): ImageResult {
  const { random, classes } = chance;
  const pixels = size.width * size.height;
  const counts = (length: number, most: number): number[] =>
    Array.from({ length }, () => Math.floor(random() * most));
  /** Mostly right, and a third of the other cells. */
  const confusion = (): number[] => {
    const cells: number[] = [];
    for (let cell = 0; cell < classes * (classes + 1); cell++) {
      const isRight = Math.floor(cell / (classes + 1)) === cell % (classes + 1);
      if (isRight || random() < 0.3)
        cells.push(cell, 1 + Math.floor((random() * pixels) / (isRight ? 12 : 200)));
    }
    return cells;
  };
  const bits = Uint8Array.from({ length: NEURONS / 8 }, () => Math.floor(random() * 256));
  return {
    version: 1,
    ...size,
    ms: { decode: 2, preprocess: 4, inference: 100 + 80 * random(), postprocess: 6 },
    macs: isReference ? 2.11e9 : 1.62e9,
    gates: isReference ? null : { neurons: NEURONS, bits: gateBitsText(bits) },
    truth: {
      confusion: confusion(),
      boundary: countsBy(() => counts(classes, 200)),
    },
    calibration: {
      pixels: counts(CALIBRATION_BINS, pixels),
      right: counts(CALIBRATION_BINS, pixels),
      confidence: counts(CALIBRATION_BINS, pixels * 255),
    },
    reference: isReference
      ? null
      : { confusion: confusion(), divergence: { sum: 300 * random(), positions: 10_800 } },
    worst: { x: 1, y: 1, width: 20, height: 10, area: 1 + Math.floor(random() * 200) },
  };
}
