/**
 * Measures what test_metrics.py made up: `tsx conformance/metricsCases.ts CASES.json`. Prints one JSON list of figures,
 * in the order of the cases.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { boundaryCounts, perClassBoundaryF, perClassBoundaryIou } from '#core/metrics/boundary.ts';
import { calibrationCounts, calibrationError } from '#core/metrics/calibration.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { divergenceMap } from '#core/metrics/divergenceMap.ts';
import {
  frequencyWeightedIou,
  meanIou,
  perClassF1,
  perClassIou,
  perClassPrecision,
  perClassRecall,
  pixelAccuracy,
} from '#core/metrics/iou.ts';
import { normaliseConfusion } from '#core/metrics/normaliseConfusion.ts';

const numbers = z.array(z.number());
const caseSchema = z.strictObject({
  width: z.int().positive(),
  height: z.int().positive(),
  classes: z.int().positive(),
  ignoreId: z.int(),
  boundaryWidth: z.int().positive(),
  truth: numbers,
  predicted: numbers,
  /** 0 to 255. */
  probability: numbers,
  /** Two models' logits, [classes, height, width]. */
  teacher: numbers,
  student: numbers,
});

const [casesFile] = process.argv.slice(2);
const cases = z.array(caseSchema).parse(JSON.parse(readFileSync(casesFile!, 'utf8')));

const figures = cases.map(({ width, height, classes, ignoreId, boundaryWidth, ...pixels }) => {
  const matrix = new ConfusionMatrix(classes, ignoreId);
  const truth = { width, height, ids: Uint8Array.from(pixels.truth) };
  const predicted = { width, height, ids: Uint8Array.from(pixels.predicted) };
  matrix.add(truth.ids, predicted.ids);
  const ids = { ids: matrix.ids, ignoreId };
  const boundary = boundaryCounts(truth, predicted, ids, boundaryWidth);
  const probability = Uint8ClampedArray.from(pixels.probability);
  const logits = (values: readonly number[]) => ({
    logits: Float32Array.from(values),
    classes,
    width,
    height,
  });
  const map = divergenceMap(logits(pixels.teacher), logits(pixels.student));
  return {
    confusion: [...matrix.counts],
    byRows: [...normaliseConfusion(matrix, 'rows')],
    byColumns: [...normaliseConfusion(matrix, 'columns')],
    iou: perClassIou(matrix),
    miou: meanIou(matrix),
    precision: perClassPrecision(matrix),
    recall: perClassRecall(matrix),
    f1: perClassF1(matrix),
    accuracy: pixelAccuracy(matrix),
    frequencyWeighted: frequencyWeightedIou(matrix),
    boundaryIou: perClassBoundaryIou(boundary),
    boundaryF: perClassBoundaryF(boundary),
    calibration: calibrationError(calibrationCounts(truth.ids, predicted.ids, { probability }, ids)),
    divergence: map && map.sum / (width * height),
  };
});
process.stdout.write(JSON.stringify(figures));
