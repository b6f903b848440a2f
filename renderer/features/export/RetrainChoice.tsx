import { LARGEST_WEIGHT } from '#core/formats/trainingWeights.ts';
import { modelIn, useModels } from '../../store/useModels.ts';
import { useSettings } from '../../store/useSettings.ts';
import { NumberField } from '../../ui/NumberField.tsx';

interface RetrainChoiceProps {
  readonly correctedWeight: number;
  readonly onChange: (correctedWeight: number) => void;
}

/** Whose disputes are left out of a retrain pack, and how much corrections count in it. */
export function RetrainChoice({ correctedWeight, onChange }: RetrainChoiceProps) {
  const teacher = useModels((state) => modelIn('teacher', state));
  const student = useModels((state) => modelIn('student', state));
  const smallest = useSettings((state) => state.settings.smallestDispute);
  if (!teacher || !student) {
    return <p>Choose a teacher and a student in Compare: their open disputes are left out of the pack.</p>;
  }
  return (
    <>
      <p className="muted" data-testid="export-disputes">
        Where {teacher.name} and {student.name} differ by {smallest} pixels or more and no verdict decides it,
        the pack ignores the mask. Pictures that they have not seen are run first.
      </p>
      <label
        className="export-format"
        title="Of verdicts and strokes; a pixel that both models agree on counts 100 %"
      >
        <span>Corrected pixels count</span>
        <NumberField
          label="Weight of corrected pixels, percent"
          value={Math.round(correctedWeight * 100)}
          min={100}
          max={Math.floor(LARGEST_WEIGHT * 100)}
          unit="%"
          testId="export-weight"
          onChange={(percent) => onChange(percent / 100)}
        />
      </label>
    </>
  );
}
