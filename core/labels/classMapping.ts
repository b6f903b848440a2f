import { mergeLogits } from '../imaging/mergeLogits.ts';
import type { Logits } from '../imaging/logits.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { pairClasses, type ClassPair } from '../formats/classPairs.ts';
import type { ClassTable } from './classTable.ts';
import { idsInTable } from './remapIds.ts';
import { idTranslation, standingChoices, type ClassChoices } from './translateIds.ts';

/** What the classes of a model are in those of the project. */
export interface ClassMapping {
  readonly table: ClassTable;
  readonly translation: Uint16Array;
}

/** The mapping that was chosen for a model; null where none was, or nothing of it is there: it keeps its own classes. */
export function chosenMapping(
  model: ClassTable,
  project: ClassTable,
  choices: ClassChoices = {},
): ClassMapping | null {
  if (standingChoices(model, project, choices).size === 0) return null;
  return { table: project, translation: idTranslation(model, project, choices) };
}

/** What a model said, in the classes of the mapping: class by class, the probability of a class that several became is their sum. */
export function mapOutput(
  { classMap, logits }: { readonly classMap: ClassMap; readonly logits: Logits },
  { table, translation }: ClassMapping,
): { readonly classMap: ClassMap; readonly logits: Logits } {
  const maxId = Math.max(...table.classes.map(({ id }) => id));
  return {
    classMap: { ...classMap, ids: idsInTable(classMap.ids, translation, table) },
    logits: mergeLogits(logits, { translation, ignoreId: table.ignoreId, maxId }),
  };
}

/** What each class of a model becomes, and how that is known. */
export function mappedPairs(model: ClassTable, project: ClassTable, choices: ClassChoices): ClassPair[] {
  return pairClasses(model, project, standingChoices(model, project, choices));
}
