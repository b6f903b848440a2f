import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { ToleranceOptions } from './ToleranceOptions.tsx';

/** What a fill stops at. */
export function FillOptions() {
  const fillBy = useSettings((state) => state.settings.tools.fillBy);
  return (
    <>
      <Segmented
        label="Fill by"
        value={fillBy}
        onChange={(next) => hand.setTools({ fillBy: next })}
        options={[
          { value: 'class', label: 'by class', title: 'Stops at another class', testId: 'fill-class' },
          { value: 'colour', label: 'by colour', title: 'Stops at another colour', testId: 'fill-colour' },
        ]}
      />
      {fillBy === 'colour' && <ToleranceOptions />}
    </>
  );
}
