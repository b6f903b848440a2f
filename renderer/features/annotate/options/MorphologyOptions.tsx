import type { MorphologyKind } from '#core/mask/morphology.ts';
import { useMask } from '../../../store/useMask.ts';
import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { useTool } from '../../../tools/useTool.ts';
import { ProgressBar } from '../../../ui/ProgressBar.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { keepFocus } from '../keepFocus.ts';

const KINDS: readonly { value: MorphologyKind; label: string; title: string }[] = [
  { value: 'smooth', label: 'smooth', title: 'Smooth edges: spikes go, notches close' },
  { value: 'grow', label: 'grow', title: 'Reach further, over what is not locked' },
  { value: 'shrink', label: 'shrink', title: 'Draw back; neighbours take over' },
  { value: 'fillHoles', label: 'fill holes', title: 'Fill what is enclosed' },
  { value: 'removeSpecks', label: 'remove specks', title: 'Give small parts to what is around them' },
];

/** What is done to a class or region, and how much; while it is previewed, keep or drop it. */
export function MorphologyOptions() {
  const { morphology, morphologyScope, morphologyRadius, morphologyArea } = useSettings(
    (state) => state.settings.tools,
  );
  const previewing = useTool((state) => state.stateName === 'Previewing');
  const progress = useTool((state) => state.progress);
  const ready = useMask((state) => state.status === 'ready');
  const byArea = morphology === 'fillHoles' || morphology === 'removeSpecks';
  return (
    <>
      <select
        className="select"
        aria-label="What to do"
        title={KINDS.find((kind) => kind.value === morphology)?.title}
        data-testid="morphology-kind"
        value={morphology}
        onChange={(event) => {
          hand.setTools({ morphology: event.target.value as MorphologyKind });
          // The keyboard goes back to the picture: Enter applies.
          event.target.blur();
        }}
      >
        {KINDS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <NumberField
        label={byArea ? 'Size in pixels' : 'Radius in image pixels'}
        title={
          morphology === 'fillHoles'
            ? 'The largest hole that is filled'
            : morphology === 'removeSpecks'
              ? 'What has fewer pixels goes'
              : 'How far'
        }
        value={byArea ? morphologyArea : morphologyRadius}
        min={1}
        max={byArea ? 100_000 : 64}
        unit={byArea ? 'px²' : 'px'}
        testId="morphology-amount"
        onChange={(next) => hand.setTools(byArea ? { morphologyArea: next } : { morphologyRadius: next })}
      />
      <Segmented
        label="On"
        value={morphologyScope}
        onChange={(next) => hand.setTools({ morphologyScope: next })}
        options={[
          { value: 'region', label: 'region', title: 'The region that is clicked', testId: 'scope-region' },
          {
            value: 'class',
            label: 'class',
            title: 'All of the class that is clicked',
            testId: 'scope-class',
          },
        ]}
      />
      {previewing ? (
        <>
          {progress === null ? (
            <button
              type="button"
              className="button primary"
              title="Keep it (Enter)"
              data-testid="morphology-apply"
              onMouseDown={keepFocus}
              onClick={() => hand.key('Enter')}
            >
              Apply
            </button>
          ) : (
            <ProgressBar label="Reshaping" done={progress} total={1} className="reshape-progress" />
          )}
          <button
            type="button"
            className="button"
            title={progress === null ? 'Put everything back (Esc)' : 'Stop it (Esc)'}
            onMouseDown={keepFocus}
            onClick={() => hand.key('Escape')}
          >
            {progress === null ? 'Drop' : 'Cancel'}
          </button>
        </>
      ) : (
        <button
          type="button"
          className="button"
          disabled={!ready}
          title="All of the active class (Enter); a click on the picture takes what is there"
          data-testid="morphology-preview"
          onMouseDown={keepFocus}
          onClick={() => hand.key('Enter')}
        >
          Preview
        </button>
      )}
    </>
  );
}
