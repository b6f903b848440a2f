import { useSettings } from '../../../store/useSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { NumberField } from '../../../ui/NumberField.tsx';
import { Slider } from '../../../ui/Slider.tsx';

const LEAST = 8;
const MOST = 64;

/** How large superpixels are. */
export function SuperpixelOptions() {
  const size = useSettings((state) => state.settings.tools.superpixelSize);
  const change = (superpixelSize: number): void => hand.setTools({ superpixelSize });
  return (
    <>
      <Slider
        label="Superpixel size"
        value={(size - LEAST) / (MOST - LEAST)}
        title="Size of a superpixel"
        onChange={(value) => change(Math.round(LEAST + value * (MOST - LEAST)))}
      />
      <NumberField
        label="Superpixel size in image pixels"
        value={size}
        min={LEAST}
        max={MOST}
        unit="px"
        testId="superpixel-size"
        onChange={change}
      />
    </>
  );
}
