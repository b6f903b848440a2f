import { z } from 'zod';
import { HEADLINES, type ContestantFigures, type Headline } from '../evaluation/evaluationFigures.ts';
import { contestantLabel } from '../evaluation/evaluationPlan.ts';
import { evaluationReportSchema, type EvaluationReport } from './evaluationReport.ts';

/** A figure in two reports. `sure`: each lies outside the other's interval. */
const comparedFigureSchema = z.object({
  before: z.number().nullable(),
  after: z.number().nullable(),
  difference: z.number().nullable(),
  sure: z.boolean(),
});
export type ComparedFigure = z.infer<typeof comparedFigureSchema>;

const comparedContestantSchema = z.object({
  label: z.string(),
  sameModel: z.boolean(),
  headlines: z.record(z.enum(HEADLINES), comparedFigureSchema),
  classes: z.array(comparedFigureSchema.extend({ name: z.string() })),
  milliseconds: comparedFigureSchema,
  macs: comparedFigureSchema,
});
export type ComparedContestant = z.infer<typeof comparedContestantSchema>;

const sideSchema = evaluationReportSchema
  .pick({ folder: true, made: true })
  .extend({ images: z.number().int().nonnegative() });

export const reportComparisonSchema = z.object({
  kind: z.literal('dynaseg-comparison'),
  version: z.literal(1),
  before: sideSchema,
  after: sideSchema,
  /** What makes the figures hard to compare: other images, settings or classes. */
  differences: z.array(z.string()),
  /** Contestants of both, by id and keep ratio. */
  contestants: z.array(comparedContestantSchema),
  /** Of one report alone. */
  onlyBefore: z.array(z.string()),
  onlyAfter: z.array(z.string()),
});
export type ReportComparison = z.infer<typeof reportComparisonSchema>;

/** What changed from one report to another, contestant by contestant. */
export function compareReports(before: EvaluationReport, after: EvaluationReport): ReportComparison {
  const keyOf = ({ contestant }: ContestantFigures) =>
    `${contestant.modelId}@${contestant.keepRatio ?? 'file'}`;
  const afterOf = new Map(after.figures.contestants.map((figures) => [keyOf(figures), figures]));
  const beforeKeys = new Set(before.figures.contestants.map(keyOf));
  const labels = (list: readonly ContestantFigures[]) =>
    list.map(({ contestant }) => contestantLabel(contestant));
  return {
    kind: 'dynaseg-comparison',
    version: 1,
    before: { folder: before.folder, made: before.made, images: before.figures.images },
    after: { folder: after.folder, made: after.made, images: after.figures.images },
    differences: differencesOf(before, after),
    contestants: before.figures.contestants.flatMap((figures) => {
      const other = afterOf.get(keyOf(figures));
      return other ? [compareContestants(figures, other)] : [];
    }),
    onlyBefore: labels(before.figures.contestants.filter((figures) => !afterOf.has(keyOf(figures)))),
    onlyAfter: labels(after.figures.contestants.filter((figures) => !beforeKeys.has(keyOf(figures)))),
  };
}

function differencesOf(before: EvaluationReport, after: EvaluationReport): string[] {
  const found: string[] = [];
  if (before.figures.images !== after.figures.images) {
    found.push(`${before.figures.images} images before, ${after.figures.images} after`);
  }
  if (before.folder !== after.folder) found.push(`folder ${before.folder} before, ${after.folder} after`);
  const settings = (report: EvaluationReport) => report.plan.settings as Record<string, unknown>;
  for (const [name, value] of Object.entries(settings(before))) {
    const other = settings(after)[name];
    if (value !== other) found.push(`${name} ${String(value)} before, ${String(other)} after`);
  }
  const names = ({ classTable }: EvaluationReport) => classTable.classes.map(({ name }) => name).join(', ');
  if (names(before) !== names(after)) found.push(`classes ${names(before)} before, ${names(after)} after`);
  return found;
}

function compareContestants(before: ContestantFigures, after: ContestantFigures): ComparedContestant {
  const headline = (name: Headline): ComparedFigure => {
    const [a, b] = [before.quality?.headlines[name], after.quality?.headlines[name]];
    const figure = compared(a?.value, b?.value);
    const outside = (value: number | null | undefined, low?: number | null, high?: number | null) =>
      value != null && low != null && high != null && (value < low || value > high);
    return { ...figure, sure: outside(b?.value, a?.low, a?.high) && outside(a?.value, b?.low, b?.high) };
  };
  return {
    label: contestantLabel(before.contestant),
    sameModel: before.contestant.sha256 === after.contestant.sha256,
    headlines: Object.fromEntries(HEADLINES.map((name) => [name, headline(name)])) as Record<
      Headline,
      ComparedFigure
    >,
    classes: (before.quality?.classes ?? []).map(({ name, iou }) => ({
      name,
      ...compared(iou, after.quality?.classes.find((entry) => entry.name === name)?.iou),
    })),
    milliseconds: compared(before.cost.median, after.cost.median),
    macs: compared(before.cost.macs, after.cost.macs),
  };
}

function compared(before: number | null | undefined, after: number | null | undefined): ComparedFigure {
  const [a, b] = [before ?? null, after ?? null];
  return { before: a, after: b, difference: a === null || b === null ? null : b - a, sure: false };
}
