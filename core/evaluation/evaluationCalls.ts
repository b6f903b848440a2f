import { z } from 'zod';
import { imageIdSchema } from '../ipc/schemas.ts';
import { reportComparisonSchema } from '../report/compareReports.ts';
import { evaluationFiguresSchema } from './evaluationFigures.ts';
import { evaluationPlanSchema } from './evaluationPlan.ts';
import { evaluationRunSchema } from './evaluationRun.ts';
import { evaluationTaskSchema, failedImageSchema, measuredImageSchema } from './evaluationTask.ts';
import { imageMetricSchema } from './imageMetric.ts';
import {
  metricHistogramSchema,
  resultFilterSchema,
  resultPageSchema,
  resultSortSchema,
} from './resultQuery.ts';

const projectId = z.string().min(1);
const onRun = z.strictObject({ projectId, runId: z.number().int().positive() });
const filter = resultFilterSchema.default({});

/**
 * The calls of the Evaluate view. The main process keeps runs and results; the window runs the models: while a run
 * is `running` it asks for tasks (`evaluation.next`), measures each with core/evaluation/measureImage.ts beside its
 * own thread, and sends back what came of it (`evaluation.store`). Pausing or cancelling ends the tasks.
 */
export const evaluationCalls = {
  'evaluation.list': { request: z.strictObject({ projectId }), response: z.array(evaluationRunSchema) },
  /** Contestants and settings are fixed from here on: what is changed is another run, and shares its results. */
  'evaluation.create': {
    request: z.strictObject({ projectId, name: z.string().min(1).max(120), plan: evaluationPlanSchema }),
    response: evaluationRunSchema,
  },
  /** The run is forgotten; results that no other run needs go with it. */
  'evaluation.remove': { request: onRun, response: z.null() },
  /**
   * Starts, or goes on after a pause, a cancel, a crash, a reload of the window (tasks that were given out before are
   * given out again), or new and changed files and masks.
   */
  'evaluation.start': { request: onRun, response: evaluationRunSchema },
  'evaluation.pause': { request: onRun, response: evaluationRunSchema },
  'evaluation.cancel': { request: onRun, response: evaluationRunSchema },
  /**
   * Up to `count` images to be measured next, never one that another call was given and that is not stored yet;
   * none: nothing is left, or the run is not running.
   */
  'evaluation.next': {
    request: onRun.extend({ count: z.number().int().min(1).max(16) }),
    response: z.array(evaluationTaskSchema),
  },
  /** What came of tasks. An image whose file or truth changed meanwhile is measured again. */
  'evaluation.store': {
    request: onRun.extend({ measured: z.array(measuredImageSchema), failed: z.array(failedImageSchema) }),
    response: evaluationRunSchema,
  },
  'evaluation.results': {
    request: onRun.extend({
      filter,
      sort: resultSortSchema,
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(500),
    }),
    response: resultPageSchema,
  },
  /** The ids of all images that pass the filter, sorted: an order for the library. */
  'evaluation.order': {
    request: onRun.extend({ filter, sort: resultSortSchema }),
    response: z.object({ imageIds: z.instanceof(Uint32Array) }),
  },
  'evaluation.figures': { request: onRun.extend({ filter }), response: evaluationFiguresSchema },
  'evaluation.histogram': {
    request: onRun.extend({
      filter,
      contestant: z.number().int().nonnegative(),
      metric: imageMetricSchema,
      bins: z.number().int().min(1).max(200),
    }),
    response: metricHistogramSchema,
  },
  /** A contestant's stored class map in the project's classes; null where there is none. */
  'evaluation.classMap': {
    request: onRun.extend({ imageId: imageIdSchema, contestant: z.number().int().nonnegative() }),
    response: z
      .object({
        width: z.number().int().positive(),
        height: z.number().int().positive(),
        ids: z.union([z.instanceof(Uint8Array), z.instanceof(Uint16Array)]),
      })
      .nullable(),
  },
  /** Writes report.html and report.json into a folder that the user chooses; null: the dialog was closed. */
  'evaluation.report': {
    request: onRun.extend({ filter }),
    response: z.object({ html: z.string(), json: z.string() }).nullable(),
  },
  /** Compares a report.json that the user chooses with this run as it is; null: the dialog was closed. */
  'evaluation.compareReport': {
    request: onRun.extend({ filter }),
    response: reportComparisonSchema.nullable(),
  },
  /** Writes comparison.html into a folder that the user chooses: its path; null: the dialog was closed. */
  'evaluation.saveComparison': {
    request: z.strictObject({ comparison: reportComparisonSchema }),
    response: z.object({ html: z.string() }).nullable(),
  },
} as const;

export const evaluationEvents = {
  /** A run's state or progress changed; while it runs, about four times a second at most. */
  'evaluation.progress': z.object({ projectId, run: evaluationRunSchema }),
} as const;
