import { z } from 'zod';
import type { Region } from '#core/disputes/region.ts';
import type { Verdict } from '#core/disputes/verdict.ts';
import { BY_MODEL, BY_PERSON, BY_TRUTH } from '#core/formats/trainingWeights.ts';
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

/** For each pixel of a mask who decided it: the last step that started it, gave a verdict on it or changed it. */
export interface DecidedPixels {
  readonly width: number;
  readonly height: number;
  /** For each pixel the decider, by its number. */
  readonly owner: Uint32Array;
  /** What `owner` numbers: what it is, and its entry for the pixels that are its. */
  readonly deciders: readonly DecidedPart[];
}

interface DecidedPart {
  readonly by: Decider['by'];
  /** What the mask was started from, where that is what decided. */
  readonly from: MaskOrigin['kind'] | null;
  readonly entry: (area: IdBox) => Decider;
}

/**
 * Who decided each pixel of a mask. `before`: what it was started from before the first step given; deciders are in the
 * order of their steps.
 */
export function tracePixels(
  { width, height }: { readonly width: number; readonly height: number },
  steps: Iterable<ProvenanceStep>,
  before: MaskOrigin | null,
  classTable: ClassTable,
): DecidedPixels {
  /** 0: what was before the first step. */
  const owner = new Uint32Array(width * height);
  const deciders: DecidedPart[] = [
    before
      ? startedPart(before)
      : { by: 'unknown', from: null, entry: (area) => ({ by: 'unknown', ...area }) },
  ];
  const brushes = new Map<string, { number: number; steps: number }>();
  for (const { label, origin, verdict, patch } of steps) {
    if (origin) {
      owner.fill(deciders.push(startedPart(origin)) - 1);
    } else if (verdict) {
      const entry = (area: IdBox) => judged(verdict.verdict, area, classTable);
      const number = deciders.push({ by: 'verdict', from: null, entry }) - 1;
      const { runs } = verdict.region;
      for (let at = 0; at < runs.length; at += 3) {
        owner.fill(number, runs[at]! * width + runs[at + 1]!, runs[at]! * width + runs[at + 2]!);
      }
    } else {
      let brush = brushes.get(label);
      if (!brush) {
        const made = { number: deciders.length, steps: 0 };
        const entry = (area: IdBox): Decider => ({ by: 'brush', label, steps: made.steps, ...area });
        deciders.push({ by: 'brush', from: null, entry });
        brushes.set(label, (brush = made));
      }
      brush.steps++;
      markChanged(owner, width, patch, brush.number);
    }
  }
  return { width, height, owner, deciders };
}

/** The parts of a mask by who decided them; together they are the whole picture. */
export function decidersOf({ width, height, owner, deciders }: DecidedPixels): Decider[] {
  const areas = boxesById({ width, height, ids: owner });
  return [...areas].map(([number, area]) => deciders[number]!.entry(area));
}

/** BY_MODEL, BY_TRUTH or BY_PERSON for each pixel. */
export function lastWords({ owner, deciders }: DecidedPixels): Uint8Array {
  const words = deciders.map(({ by, from }) => {
    if (by === 'verdict' || by === 'brush') return BY_PERSON;
    return from === 'truth' ? BY_TRUTH : BY_MODEL;
  });
  return Uint8Array.from(owner, (number) => words[number]!);
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

const startedPart = (origin: MaskOrigin): DecidedPart => ({
  by: 'start',
  from: origin.kind,
  entry: (area) => started(origin, area),
});

function started({ kind, modelId, modelSha256 }: MaskOrigin, area: IdBox): Decider {
  const model = modelId === null ? null : { id: modelId, sha256: modelSha256 ?? '' };
  return { by: 'start', from: kind, model, ...area };
}

function judged({ kind, teacher, student, finalClass }: Verdict, area: IdBox, table: ClassTable): Decider {
  return { by: 'verdict', kind, teacher, student, class: className(table, finalClass), ...area };
}
