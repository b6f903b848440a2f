import { choicesOf, classFit } from '../../store/classChoices.ts';
import { useDialog } from '../../store/useDialog.ts';
import { modelIn, useModels, type ModelSlot } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import './mapClasses.css';

/** Under the classes: where a model has others than the project, and what was chosen for them. */
export function ClassFitNotes() {
  return (
    <section className="panel-section class-fits" aria-label="Classes of the models">
      <FitNote slot="teacher" />
      <FitNote slot="student" />
    </section>
  );
}

function FitNote({ slot }: { readonly slot: ModelSlot }) {
  const table = useProject((state) => state.project?.classTable);
  const model = useModels((state) => modelIn(slot, state));
  const settings = useSettings((state) => state.settings);
  const show = useDialog((state) => state.show);
  if (!table || !model) return null;
  const { unknown, chosen } = classFit(model, table, choicesOf(model, settings));
  if (unknown.length === 0 && !chosen) return null;
  return (
    <p className="figures-note" data-testid={`class-fit-${slot}`} title={unknown.join(', ') || undefined}>
      {chosen
        ? `The ${slot}'s ${model.classTable.classes.length} classes are mapped to the project's`
        : `${unknown.length} of the ${slot}'s ${model.classTable.classes.length} classes are not in the project`}
      {chosen && unknown.length > 0 && `, ${unknown.length} ignored`}.{' '}
      <button
        type="button"
        className="link"
        data-testid={`map-classes-${slot}`}
        onClick={() => show(slot === 'teacher' ? 'teacherClasses' : 'studentClasses')}
      >
        {chosen ? 'Change' : 'Map classes'}
      </button>
    </p>
  );
}
