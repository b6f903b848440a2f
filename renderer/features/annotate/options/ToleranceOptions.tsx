import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { useTool } from '../../../tools/useTool.ts';
import { NumberField } from '../../../ui/NumberField.tsx';
import { Slider } from '../../../ui/Slider.tsx';

const MOST = 255;

/** How different colours may be, 0 to 255 in each channel; while a wand is dragged, what it tries. */
export function ToleranceOptions() {
  const chosen = useSettings((state) => state.settings.tools.tolerance);
  const tried = useTool((state) => state.triedTolerance);
  const tolerance = tried ?? chosen;
  return (
    <>
      <Slider
        label="Tolerance"
        value={Math.sqrt(tolerance / MOST)}
        title="How different colours may be"
        onChange={(value) => hand.setTools({ tolerance: Math.round(value * value * MOST) })}
      />
      <NumberField
        label="Tolerance of colours"
        value={tolerance}
        min={0}
        max={MOST}
        testId="tolerance"
        onChange={(next) => hand.setTools({ tolerance: next })}
      />
    </>
  );
}
