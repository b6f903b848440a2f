import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { EraseOptions } from './EraseOptions.tsx';

/** Polygon, lasso and box give the active class or take it away. */
export function ShapeOptions() {
  const mode = useSettings((state) => state.settings.tools.shapeMode);
  return (
    <>
      <Segmented
        label="Shape"
        value={mode}
        onChange={(next) => hand.setTools({ shapeMode: next })}
        options={[
          {
            value: 'add',
            label: 'add',
            title: 'Gives the active class (hold Alt for the other)',
            testId: 'shape-add',
          },
          {
            value: 'subtract',
            label: 'subtract',
            title: 'Takes the active class away (hold Alt for the other)',
            testId: 'shape-subtract',
          },
        ]}
      />
      {mode === 'subtract' && <EraseOptions />}
    </>
  );
}
