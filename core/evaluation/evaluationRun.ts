import { z } from 'zod';
import { problemSchema } from '../problem.ts';
import { evaluationPlanSchema } from './evaluationPlan.ts';

/** `ready`: made, or opened again after the studio ended while it ran. */
export const runStateSchema = z.enum(['ready', 'running', 'paused', 'done', 'cancelled']);
export type RunState = z.infer<typeof runStateSchema>;

/** An evaluation as it is listed, and how far it is. */
export const evaluationRunSchema = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  plan: evaluationPlanSchema,
  state: runStateSchema,
  /** Milliseconds since 1970. */
  created: z.number().int(),
  progress: z.object({
    /** Images whose figures are all there and up to date, of the usable ones of the folder. */
    done: z.number().int().nonnegative(),
    total: z.number().int().nonnegative(),
    /** Images that could not be measured: see `problems`. */
    failed: z.number().int().nonnegative(),
    /** Images per second lately; null while it does not run or is not known yet. */
    perSecond: z.number().nonnegative().nullable(),
    /** Seconds left at that rate. */
    secondsLeft: z.number().nonnegative().nullable(),
  }),
  /** Of images that could not be measured, the first hundred. */
  problems: z.array(problemSchema),
});
export type EvaluationRun = z.infer<typeof evaluationRunSchema>;
