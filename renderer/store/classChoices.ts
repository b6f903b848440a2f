import { chosenMapping, mappedPairs, type ClassMapping } from '#core/labels/classMapping.ts';
import type { ClassPair } from '#core/formats/classPairs.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import { standingChoices, type ClassChoices } from '#core/labels/translateIds.ts';
import type { Settings } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { classesKey } from './classesKey.ts';
import { trueTable } from './displayColours.ts';
import { useProject } from './useProject.ts';
import { useSettings } from './useSettings.ts';

type MappedModel = Pick<ModelInfo, 'sha256' | 'classTable'>;

/** What was chosen for the classes of a model, in whatever project. */
export function choicesOf(
  { sha256 }: Pick<ModelInfo, 'sha256'>,
  { classChoices }: Pick<Settings, 'classChoices'> = useSettings.getState().settings,
): ClassChoices {
  return classChoices[sha256] ?? NOTHING;
}
const NOTHING: ClassChoices = {};

/** The mapping of a model into the classes of the open project; null where none was chosen: it keeps its own. */
export function mappingOf(model: MappedModel): ClassMapping | null {
  const { project } = useProject.getState();
  return project && chosenMapping(model.classTable, trueTable(project.classTable), choicesOf(model));
}

/** The same text while the mapping of a model is the same; '' without one. One line. */
export function mappingKey(model: MappedModel | null): string {
  const { project } = useProject.getState();
  if (!project || !model) return '';
  const choices = [...standingChoices(model.classTable, project.classTable, choicesOf(model))].sort();
  return choices.length === 0 ? '' : `${classesKey(project.classTable)} ${JSON.stringify(choices)}`;
}

/** Keeps what was chosen for the classes of a model; nothing: it keeps its own classes again. */
export function changeChoices({ sha256 }: Pick<ModelInfo, 'sha256'>, choices: ClassChoices): void {
  const { settings, change } = useSettings.getState();
  const others = Object.entries(settings.classChoices).filter(([key]) => key !== sha256);
  const own = Object.keys(choices).length > 0 ? [[sha256, { ...choices }] as const] : [];
  change({ classChoices: Object.fromEntries([...others, ...own]) });
}

/** How a model's classes stand to those of the project. */
export interface ClassFit {
  readonly pairs: readonly ClassPair[];
  /** Names that the project does not have, and nothing was chosen for. */
  readonly unknown: readonly string[];
  /** Whether something was chosen that holds here. */
  readonly chosen: boolean;
}

/** What each class of a model is in a project. */
export function classFit(model: MappedModel, project: ClassTable, choices: ClassChoices): ClassFit {
  const pairs = mappedPairs(model.classTable, project, choices);
  return {
    pairs,
    unknown: pairs.filter(({ how }) => how === 'unknown').map(({ name }) => name),
    chosen: pairs.some(({ how }) => how === 'chosen'),
  };
}
