import { addModelFolder, chooseModel } from '../../store/chooseModel.ts';
import { modelIn, useModels, type ModelSlot } from '../../store/useModels.ts';
import { KeepSlider } from './KeepSlider.tsx';
import { SizingMenu } from './SizingMenu.tsx';

const ADD = '\u0000add';

/** Which model is in a slot, and the choice of another. */
export function ModelHeader({ slot }: { readonly slot: ModelSlot }) {
  const models = useModels((state) => state.models);
  const model = useModels((state) => modelIn(slot, state));
  return (
    <header className="model-header">
      <span className={`slot-mark ${slot}`} aria-hidden="true" />
      <span className="slot-name">{slot === 'teacher' ? 'Teacher' : 'Student'}</span>
      <select
        className="select"
        aria-label={`Model of the ${slot}`}
        data-testid={`model-select-${slot}`}
        value={model?.id ?? ''}
        onChange={(event) => {
          const { value } = event.target;
          if (value === ADD) void addModelFolder(slot);
          else chooseModel(slot, value);
        }}
      >
        {!model && <option value="">Choose a model</option>}
        {models.map((one) => (
          <option
            key={one.id}
            value={one.id}
            disabled={one.problems.some((problem) => problem.severity === 'error')}
          >
            {one.name}
          </option>
        ))}
        <option value={ADD}>Add a model folder…</option>
      </select>
      {model && <SizingMenu model={model} testId={`sizing-${slot}`} />}
      {model && slot === 'student' && model.card && model.card.gates.length > 0 ? (
        <KeepSlider key={model.id} model={model} />
      ) : (
        model?.card && (
          <span className="faint keep" title="Share of the gated neurons that are computed">
            {model.card.keepRatio < 1 ? `keep ${model.card.keepRatio.toFixed(2)}` : 'unpruned'}
          </span>
        )
      )}
    </header>
  );
}
