import type { EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import { choicesOf, classFit } from '../../store/classChoices.ts';
import { useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';

/** Which models of a plan have classes that the project does not have: no figure counts them. */
export function IgnoredClasses({ plan }: { readonly plan: EvaluationPlan }) {
  const table = useProject((state) => state.project?.classTable);
  const models = useModels((state) => state.models);
  if (!table) return null;
  const ids = new Set(plan.contestants.map(({ modelId }) => modelId));
  const rows = models
    .filter(({ id }) => ids.has(id))
    .map((model) => ({ model, unknown: classFit(model, table, choicesOf(model)).unknown }))
    .filter(({ unknown }) => unknown.length > 0);
  return rows.map(({ model, unknown }) => (
    <p key={model.id} className="faint" title={unknown.join(', ')}>
      {unknown.length} of the {model.classTable.classes.length} classes of {model.name} are not in the
      project: they are ignored. Compare maps them, under its list of classes.
    </p>
  ));
}
