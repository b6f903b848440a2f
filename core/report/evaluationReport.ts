import { z } from 'zod';
import { FigureSum } from '../evaluation/aggregateFigures.ts';
import { evaluationFiguresSchema } from '../evaluation/evaluationFigures.ts';
import {
  contestantLabel,
  evaluationPlanSchema,
  referenceIndex,
  type EvaluationPlan,
} from '../evaluation/evaluationPlan.ts';
import { gateDistances } from '../evaluation/gateDistances.ts';
import { imageMetricSchema, METRIC_FACTS, type ImageMetric } from '../evaluation/imageMetric.ts';
import { imageMetrics, type ImageMetrics } from '../evaluation/imageMetrics.ts';
import { failingRegionSchema, type ImageResult } from '../evaluation/imageResult.ts';
import { classTableSchema, type ClassTable } from '../labels/classTable.ts';
import { ProblemError, problemSchema, type Problem } from '../problem.ts';

export const reportGallerySchema = z.object({
  title: z.string(),
  /** What its order is and what is framed. */
  says: z.string(),
  metric: imageMetricSchema,
  /** Index in the plan. */
  contestant: z.number().int().nonnegative(),
  images: z.array(
    z.object({
      name: z.string(),
      width: z.number(),
      height: z.number(),
      value: z.number(),
      /** Framed in the picture. */
      worst: failingRegionSchema.nullable(),
    }),
  ),
});
export type ReportGallery = z.infer<typeof reportGallerySchema>;

/** report.json: all that the page beside it shows, but its pictures. */
export const evaluationReportSchema = z.object({
  kind: z.literal('dynaseg-report'),
  version: z.literal(1),
  /** What made it: names and versions, and when (ISO 8601). */
  made: z.object({ at: z.string(), by: z.record(z.string(), z.string()) }),
  folder: z.string(),
  /** Images of the folder; the figures say how many of them were measured. */
  images: z.number().int().nonnegative(),
  plan: evaluationPlanSchema,
  classTable: classTableSchema,
  figures: evaluationFiguresSchema,
  galleries: z.array(reportGallerySchema),
  problems: z.array(problemSchema),
});
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;

export interface ReportedImage {
  readonly name: string;
  /** In the order of the plan. */
  readonly results: readonly ImageResult[];
}

export interface ReportInput extends Pick<EvaluationReport, 'made' | 'folder' | 'images' | 'problems'> {
  readonly plan: EvaluationPlan;
  readonly classTable: ClassTable;
  /** In the order of the folder. */
  readonly measured: Iterable<ReportedImage> | AsyncIterable<ReportedImage>;
  readonly pause?: () => Promise<void>;
}

const PICTURES_PER_GALLERY = 8;

const GALLERIES: readonly { metric: ImageMetric; title: string; says: string }[] = [
  { metric: 'miouDrop', title: 'Worst drop', says: 'largest drop in mean IoU against the teacher' },
  {
    metric: 'disputed',
    title: 'Most disputed',
    says: 'largest share of pixels that differ from the teacher',
  },
  {
    metric: 'worstRegion',
    title: 'Largest regression',
    says: 'largest region that only the teacher has right',
  },
  { metric: 'gateDistance', title: 'Most unusual gates', says: 'gates furthest from the mean of the folder' },
];
const OF_ALL: typeof GALLERIES = [
  { metric: 'miou', title: 'Lowest mean IoU', says: 'lowest mean IoU against the truth' },
  { metric: 'milliseconds', title: 'Slowest', says: 'longest from decode to class map' },
];

/** A report is the same for the same results, `made` and times apart. */
export async function createReport(input: ReportInput): Promise<EvaluationReport> {
  const { plan, classTable, made, folder, images, problems } = input;
  const sum = new FigureSum(plan, classTable);
  const reference = referenceIndex(plan);
  const rows: Row[] = [];
  const gates: ImageResult['gates'][][] = plan.contestants.map(() => []);
  for await (const { name, results } of input.measured) {
    sum.add(results);
    results.forEach((result, index) => gates[index]?.push(result.gates));
    const metrics = results.map((result, index) => {
      const other = reference === null || reference === index ? null : results[reference]!;
      return imageMetrics(result, other, classTable);
    });
    const [{ width, height }] = results as [ImageResult];
    rows.push({ name, width, height, metrics, worst: results.map(({ worst }) => worst) });
  }
  const distances = gates.map(gateDistances);
  return {
    kind: 'dynaseg-report',
    version: 1,
    made,
    folder,
    images,
    plan,
    classTable,
    figures: await sum.figures({ pause: input.pause }),
    galleries: galleriesOf(plan, rows, distances),
    problems: [...problems],
  };
}

interface Row extends Pick<ReportGallery['images'][number], 'name' | 'width' | 'height'> {
  readonly metrics: readonly ImageMetrics[];
  readonly worst: readonly ImageResult['worst'][];
}

function galleriesOf(
  plan: EvaluationPlan,
  rows: readonly Row[],
  distances: readonly (readonly (number | null)[])[],
): ReportGallery[] {
  const reference = referenceIndex(plan);
  const galleries: ReportGallery[] = [];
  plan.contestants.forEach((contestant, index) => {
    const kinds = index === reference || reference === null ? OF_ALL : [...GALLERIES, ...OF_ALL];
    for (const { metric, title, says } of kinds) {
      const known = rows.flatMap(({ name, width, height, metrics, worst }, row) => {
        const value = metric === 'gateDistance' ? distances[index]![row] : metrics[index]![metric];
        return value == null ? [] : [{ name, width, height, value, worst: worst[index]! }];
      });
      const sign = METRIC_FACTS[metric].worst === 'highest' ? -1 : 1;
      const images = known.sort((a, b) => sign * (a.value - b.value)).slice(0, PICTURES_PER_GALLERY);
      // A drop or a regression of nothing is none.
      const shown = images.filter(({ value }) => metric === 'miou' || value > 0);
      if (shown.length === 0) continue;
      galleries.push({
        title: `${title}: ${contestantLabel(contestant)}`,
        says,
        metric,
        contestant: index,
        images: shown,
      });
    }
  });
  return galleries;
}

/** The report that report.json holds. Throws ProblemError `report.json`. */
export function parseReport(json: string, subject: string): EvaluationReport {
  let value: unknown = null;
  try {
    value = JSON.parse(json);
  } catch {
    // Said below.
  }
  const parsed = evaluationReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    code: 'report.json',
    subject,
    title: 'this is not a report.json of an evaluation',
    detail: value === null ? 'It is not JSON' : z.prettifyError(parsed.error),
    hint: 'Choose the report.json beside a report.html',
  });
}

/** Problems that say that an image could not be used. */
export function errorsOf(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}
