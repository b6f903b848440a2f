import type { RanModel, RetrainOptions } from '#core/formats/retrainOptions.ts';
import { choicesOf } from '../../store/classChoices.ts';
import { modelIn, type ModelSlot } from '../../store/useModels.ts';
import { runSettingsOf, useSettings } from '../../store/useSettings.ts';

/** The disputes of Compare's teacher and student, as they are run there; null where one is not chosen. */
export function retrainOptionsOf(correctedWeight: number): RetrainOptions | null {
  const { smallestDispute, optimiseModels: optimise } = useSettings.getState().settings;
  const sideOf = (slot: ModelSlot): RanModel | null => {
    const model = modelIn(slot);
    return (
      model && {
        id: model.id,
        sha256: model.sha256,
        ...runSettingsOf(model.id),
        optimise,
        map: { ...choicesOf(model) },
      }
    );
  };
  const [teacher, student] = [sideOf('teacher'), sideOf('student')];
  return teacher && student && { teacher, student, smallestDispute, correctedWeight };
}
