import type { ClassMap } from '#core/mask/classMap.ts';
import { TopClasses } from '#core/mask/topClasses.ts';
import { idTranslation, translateIds } from '#core/labels/translateIds.ts';
import { modelIn, type ModelSlot } from '../store/useModels.ts';
import { useProject } from '../store/useProject.ts';
import { finishedRun, type ModelRun } from '../store/useResults.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

const SLOTS: readonly ModelSlot[] = ['teacher', 'student'];

/** The last translated class map: strokes with the eraser ask for the same one again and again. */
let translated: { readonly run: ModelRun; readonly table: unknown; readonly map: ClassMap } | null = null;

/** What a slot's model says of the open image, in the project's classes; else what the other one does. */
export function modelMap(slot: ModelSlot, size: Size): ClassMap | null {
  return opinionOf(slot, size) ?? opinionOf(slot === 'teacher' ? 'student' : 'teacher', size);
}

/** What a slot's model says of the open image, in the project's classes; null before it has looked. */
export function opinionOf(slot: ModelSlot, size: Size): ClassMap | null {
  const run = runOf(slot, size);
  const table = useProject.getState().project?.classTable;
  if (!run || !table) return null;
  if (translated?.run !== run || translated.table !== table) {
    const ids = translateIds(run.classMap.ids, run.table, table);
    translated = { run, table, map: { ...run.classMap, ids } };
  }
  return translated.map;
}

/** Answers of one class, kept while hand and settings stay the same: a brush asks again at every stroke. */
let known: { readonly key: readonly unknown[]; readonly tops: readonly TopClasses[] } = { key: [], tops: [] };

/** Where teacher or student have a class of the project among their `top` best; null where neither knows it. */
export function allowedBy(id: number, top: number, size: Size): ((x: number, y: number) => boolean) | null {
  const table = useProject.getState().project?.classTable;
  if (!table) return null;
  const runs = SLOTS.flatMap((slot) => runOf(slot, size) ?? []);
  const key = [id, top, table, ...runs];
  if (known.key.length !== key.length || known.key.some((part, n) => part !== key[n])) {
    const tops = runs.flatMap((run) => {
      const translation = idTranslation(run.table, table);
      const own = run.table.classes.filter((entry) => translation[entry.id] === id);
      return own.map((entry) => new TopClasses(run.logits, run.classMap, entry.id, top));
    });
    known = { key, tops };
  }
  const { tops } = known;
  if (tops.length === 0) return null;
  return (x, y) => tops.some((one) => one.has(x, y));
}

function runOf(slot: ModelSlot, { width, height }: Size): ModelRun | null {
  const run = finishedRun(useProject.getState().imageId, modelIn(slot)?.id ?? null);
  return run?.classMap.width === width && run.classMap.height === height ? run : null;
}
