import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { Segmented } from '../../../ui/Segmented.tsx';

/** What the eraser and the subtracting shapes leave. */
export function EraseOptions() {
  const eraseTo = useSettings((state) => state.settings.tools.eraseTo);
  return (
    <Segmented
      label="Erase to"
      value={eraseTo}
      onChange={(next) => hand.setTools({ eraseTo: next })}
      options={[
        { value: 'ignore', label: 'to ignore', title: 'Leaves the ignore index', testId: 'erase-ignore' },
        {
          value: 'model',
          label: 'to the model',
          title: 'Leaves what the model says there: the one that the mask was started from, else the teacher',
          testId: 'erase-model',
        },
      ]}
    />
  );
}
