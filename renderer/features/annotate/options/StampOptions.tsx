import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { Segmented } from '../../../ui/Segmented.tsx';

/** The model that the stamp copies from. */
export function StampOptions() {
  const from = useSettings((state) => state.settings.tools.stampFrom);
  return (
    <Segmented
      label="Copy from"
      value={from}
      onChange={(next) => hand.setTools({ stampFrom: next })}
      options={[
        { value: 'teacher', label: 'Teacher', testId: 'stamp-teacher' },
        { value: 'student', label: 'Student', testId: 'stamp-student' },
      ]}
    />
  );
}
