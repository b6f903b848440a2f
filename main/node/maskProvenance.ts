import { z } from 'zod';
import type { Region } from '#core/disputes/region.ts';
import type { Verdict } from '#core/disputes/verdict.ts';
import { maskOriginSchema, type MaskOrigin } from '#core/ipc/schemas.ts';
import { className, type ClassTable } from '#core/labels/classTable.ts';
import { boxesById, type IdBox } from '#core/mask/boxesById.ts';
import type { MaskPatch } from '#core/mask/patch.ts';

const areaSchema = {
  /** Pixels that are still as this left them. */
  pixels: z.number().int().positive(),
  /** x, y, width, height of the smallest rectangle around them. */
  box: z.tuple([z.int(), z.int(), z.int(), z.int()]),
};
const modelSchema = z.object({ id: z.string(), sha256: z.string() });

/** Who decided a part of a mask. */
export const deciderSchema = z.discriminatedUnion('by', [
  /** As the mask was started: by a model, from ground truth, from an import, or empty. */
  z.object({
    by: z.literal('start'),
    from: maskOriginSchema.shape.kind,
    model: modelSchema.nullable(),
    ...areaSchema,
  }),
  z.object({
    by: z.literal('verdict'),
    kind: z.enum(['teacher', 'student', 'neither', 'ignore']),
    teacher: modelSchema,
    student: modelSchema,
    /** The class that it was given. */
    class: z.string(),
    ...areaSchema,
  }),
  /** A tool of the studio, as undo names it: all steps of that name. */
  z.object({ by: z.literal('brush'), label: z.string(), steps: z.number().int().positive(), ...areaSchema }),
  /** Before what is still kept of the history. */
  z.object({ by: z.literal('unknown'), ...areaSchema }),
]);
export type Decider = z.infer<typeof deciderSchema>;

/** One step of a mask, in order. */
export interface ProvenanceStep {
  readonly label: string;
  /** Set where the step started the whole mask afresh. */
  readonly origin: MaskOrigin | null;
  readonly verdict: { readonly verdict: Verdict; readonly region: Region } | null;
  readonly patch: MaskPatch;
}

/**
 * Who decided each pixel of a mask: the last step that started it, gave a verdict on it or changed it. `before`: what
 * it was started from before the first step given; parts are in the order of their steps.
 */
export function decidersOf(
  { width, height }: { readonly width: number; readonly height: number },
  steps: Iterable<ProvenanceStep>,
  before: MaskOrigin | null,
  classTable: ClassTable,
): Decider[] {
  /** For each pixel the decider, by number; 0: what was before the first step. */
  const owner = new Uint32Array(width * height);
  const makers: ((area: IdBox) => Decider)[] = [
    (area) => (before ? started(before, area) : { by: 'unknown', ...area }),
  ];
  const brushes = new Map<string, { number: number; steps: number }>();
  for (const { label, origin, verdict, patch } of steps) {
    if (origin) {
      owner.fill(makers.push((area) => started(origin, area)) - 1);
    } else if (verdict) {
      const number = makers.push((area) => judged(verdict.verdict, area, classTable)) - 1;
      const { runs } = verdict.region;
      for (let at = 0; at < runs.length; at += 3) {
        owner.fill(number, runs[at]! * width + runs[at + 1]!, runs[at]! * width + runs[at + 2]!);
      }
    } else {
      let brush = brushes.get(label);
      if (!brush) {
        const made = { number: makers.length, steps: 0 };
        makers.push((area) => ({ by: 'brush', label, steps: made.steps, ...area }));
        brushes.set(label, (brush = made));
      }
      brush.steps++;
      markChanged(owner, width, patch, brush.number);
    }
  }
  const areas = boxesById({ width, height, ids: owner });
  return [...areas].map(([number, area]) => makers[number]!(area));
}

function markChanged(owner: Uint32Array, width: number, patch: MaskPatch, number: number): void {
  for (const tile of patch.tiles) {
    for (let y = 0, at = 0; y < tile.height; y++) {
      const row = (tile.y + y) * width + tile.x;
      for (let x = 0; x < tile.width; x++, at++)
        if (tile.before[at] !== tile.after[at]) owner[row + x] = number;
    }
  }
}

function started({ kind, modelId, modelSha256 }: MaskOrigin, area: IdBox): Decider {
  const model = modelId === null ? null : { id: modelId, sha256: modelSha256 ?? '' };
  return { by: 'start', from: kind, model, ...area };
}

function judged({ kind, teacher, student, finalClass }: Verdict, area: IdBox, table: ClassTable): Decider {
  return { by: 'verdict', kind, teacher, student, class: className(table, finalClass), ...area };
}
