import { z } from 'zod';
import { classTableSchema } from '../labels/classTable.ts';
import { ProblemError, problemSchema } from '../problem.ts';
import { evaluationPlanSchema } from './evaluationPlan.ts';
import { imageResultSchema } from './imageResult.ts';

/** The first line of a shard file: what was measured, and which part of it. */
export const shardHeaderSchema = z.object({
  kind: z.literal('dynaseg-evaluation'),
  version: z.literal(1),
  plan: evaluationPlanSchema,
  /** The classes of the figures. */
  classTable: classTableSchema,
  /** As it was given. */
  folder: z.string(),
  /** Images of the whole folder. */
  images: z.number().int().nonnegative(),
  /** Of `count` shards the one with this index, from 0: every image whose place modulo count is index. */
  shard: z.object({ index: z.number().int().nonnegative(), count: z.number().int().positive() }),
});
export type ShardHeader = z.infer<typeof shardHeaderSchema>;

/** Every other line: an image that was measured, or why it could not be. A later line of an image takes its place. */
export const shardLineSchema = z.object({
  /** Path below the folder, with forward slashes. */
  image: z.string(),
  /** Its place in the folder, from 0: figures are added up in this order. */
  place: z.number().int().nonnegative(),
  /** Size and time of change of image and mask: with others it is measured again. */
  stamp: z.string(),
  sha256: z.string(),
  /** In the order of the plan; null: see `problems`. */
  results: z.array(imageResultSchema).nullable(),
  problems: z.array(problemSchema),
});
export type ShardLine = z.infer<typeof shardLineSchema>;

export interface Shard {
  readonly header: ShardHeader;
  /** By image. */
  readonly lines: ReadonlyMap<string, ShardLine>;
  /** Characters up to the end of the last whole line: what comes after was cut off by a kill. */
  readonly wholeLength: number;
}

/**
 * Reads a shard file (JSON Lines). A last line without its end is what a killed process left: it is not there.
 * Throws ProblemError `shard.header`, `shard.line`.
 *
 * @param subject the name that messages start with
 */
export function parseShard(text: string, subject: string): Shard {
  const wholeLength = text.lastIndexOf('\n') + 1;
  const [first, ...rest] = text.slice(0, wholeLength).split('\n').slice(0, -1);
  const header = shardHeaderSchema.safeParse(parseJson(first ?? ''));
  if (!header.success) {
    throw new ProblemError({
      code: 'shard.header',
      subject,
      title: 'it does not begin like a file of `dynaseg evaluate --out`',
      detail: first === undefined ? 'It is empty' : z.prettifyError(header.error),
    });
  }
  const lines = new Map<string, ShardLine>();
  rest.forEach((json, index) => {
    const line = shardLineSchema.safeParse(parseJson(json));
    if (!line.success) {
      throw new ProblemError({
        code: 'shard.line',
        subject,
        title: `line ${index + 2} is not a result`,
        detail: z.prettifyError(line.error),
        hint: 'The file was changed or damaged: remove it and evaluate again',
      });
    }
    lines.set(line.data.image, line.data);
  });
  return { header: header.data, lines, wholeLength };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether two shards are parts of one evaluation. */
export function isSameEvaluation(a: ShardHeader, b: ShardHeader): boolean {
  const key = ({ plan, classTable, images }: ShardHeader) => JSON.stringify([plan, classTable, images]);
  return key(a) === key(b);
}
