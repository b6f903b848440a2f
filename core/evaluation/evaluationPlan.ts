import { z } from 'zod';
import { inputSizingSchema } from '../inference/runSettings.ts';
import { modelRoleSchema } from '../models/modelInfo.ts';

/** A model as it takes part in an evaluation: one model at two keep ratios is two contestants. */
export const contestantSchema = z.object({
  /** The catalogue's id, or the model folder's name. */
  modelId: z.string().min(1),
  name: z.string(),
  role: modelRoleSchema,
  /** Of the ONNX file, lower-case hex. */
  sha256: z.string(),
  /** Share of the gated neurons that are computed, 0 to 1; null: as the file has it. */
  keepRatio: z.number().min(0).max(1).nullable(),
  /** Names of its classes to those of the figures, or `ignore`, where they are not the same. */
  map: z.record(z.string(), z.string()).optional(),
});
export type Contestant = z.infer<typeof contestantSchema>;

/**
 * What counts as the truth of an image. `corrected`: its mask in the project once a person changed it, else the
 * ground-truth file; `reviewed`: the mask where its review is done or approved, else the file; `files`: the file alone.
 */
export const truthSourceSchema = z.enum(['corrected', 'reviewed', 'files']);
export type TruthSource = z.infer<typeof truthSourceSchema>;

/** What can be chosen for a run: results differ with it. */
export const evaluationSettingsSchema = z.object({
  sizing: inputSizingSchema.default('square'),
  /** Models run in the optimised form that the studio makes of them. */
  optimise: z.boolean().default(true),
  /** Pixels: how far from a border boundary IoU looks, and how far off a border may be for boundary F. */
  boundaryWidth: z.number().int().min(1).max(64).default(3),
  truth: truthSourceSchema.default('corrected'),
});
export type EvaluationSettings = z.infer<typeof evaluationSettingsSchema>;

/** What is measured: contestants x settings, on the images of one folder. */
export const evaluationPlanSchema = z.object({
  /** The first one whose role is teacher is what the others are compared with. */
  contestants: z.array(contestantSchema).min(1).max(32),
  settings: evaluationSettingsSchema,
});
export type EvaluationPlan = z.infer<typeof evaluationPlanSchema>;

/** Index of the contestant that the others are compared with; null where none is a teacher. */
export function referenceIndex({ contestants }: Pick<EvaluationPlan, 'contestants'>): number | null {
  const index = contestants.findIndex(({ role }) => role === 'teacher');
  return index < 0 ? null : index;
}

/** `DynaSegFormer-B0 at keep 0.5`: what tables and charts call a contestant. Names of students tell their own ratio. */
export function contestantLabel({ name, keepRatio }: Pick<Contestant, 'name' | 'keepRatio'>): string {
  return keepRatio === null ? name : `${name.replace(/,? keep [\d.]+$/, '')} at keep ${keepRatio}`;
}

/** Names a contestant's class map of an image: the same text, the same pixels. */
export function outputKey(
  contestant: Pick<Contestant, 'sha256' | 'keepRatio'>,
  settings: Pick<EvaluationSettings, 'sizing' | 'optimise'>,
): string {
  const form = settings.optimise ? 'optimised' : 'original';
  return `${contestant.sha256}@${contestant.keepRatio ?? 'file'}/${settings.sizing}/${form}`;
}

/** Names a contestant's figures on an image, its truth apart. */
export function resultKey(plan: EvaluationPlan, index: number): string {
  const reference = referenceIndex(plan);
  const figuresOf = (contestant: Contestant): string =>
    `${outputKey(contestant, plan.settings)}${mapKey(contestant.map)}`;
  const own = figuresOf(plan.contestants[index]!);
  const other = reference === null || reference === index ? 'alone' : figuresOf(plan.contestants[reference]!);
  return `${own}|${other}|${plan.settings.boundaryWidth}`;
}

/** Figures without a mapping are known by the same key as ever. */
function mapKey(map: Contestant['map'] = {}): string {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? '' : `/${JSON.stringify(entries)}`;
}
