import { modelIn, useModels } from '../../../store/useModels.ts';
import { useProject } from '../../../store/useProject.ts';
import { finishedRun, useResults } from '../../../store/useResults.ts';
import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { NumberField } from '../../../ui/NumberField.tsx';
import { BrushOptions } from './BrushOptions.tsx';

/** Brush, and among how many best classes of a model the painted one has to be. */
export function SnapOptions() {
  const top = useSettings((state) => state.settings.tools.snapTop);
  const imageId = useProject((state) => state.imageId);
  const models = useModels();
  const hasRun = useResults((state) =>
    (['teacher', 'student'] as const).some((slot) =>
      finishedRun(imageId, modelIn(slot, models)?.id ?? null, state),
    ),
  );
  return (
    <>
      <BrushOptions />
      <NumberField
        label="Best classes of a model"
        title="Paints where the active class is among that many best classes of teacher or student"
        value={top}
        min={1}
        max={5}
        unit="best"
        testId="snap-top"
        onChange={(next) => hand.setTools({ snapTop: next })}
      />
      {!hasRun && <span className="muted ellipsis">no model has looked yet: it paints everywhere</span>}
    </>
  );
}
