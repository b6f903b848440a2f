import { useSettings } from '../../../store/useSettings.ts';
import { MAX_BRUSH_SIZE, MIN_BRUSH_SIZE } from '../../../tools/brushSettings.ts';
import { hand } from '../../../tools/hand.ts';
import { NumberField } from '../../../ui/NumberField.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Slider } from '../../../ui/Slider.tsx';
import { sizeOfSlider, sliderOfSize } from '../brushSizeScale.ts';
import { RoundIcon, SquareIcon } from '../toolIcons.tsx';

/** Size and shape of brush, eraser and snapping brush. */
export function BrushOptions() {
  const size = useSettings((state) => state.settings.brushSize);
  const shape = useSettings((state) => state.settings.brushShape);
  return (
    <>
      <Slider
        label="Brush size"
        value={sliderOfSize(size)}
        title="Brush size ( [ and ], or Alt+drag )"
        onChange={(value) => hand.setBrush({ size: sizeOfSlider(value) })}
      />
      <NumberField
        label="Brush size in image pixels"
        value={size}
        min={MIN_BRUSH_SIZE}
        max={MAX_BRUSH_SIZE}
        unit="px"
        testId="brush-size"
        onChange={(next) => hand.setBrush({ size: next })}
      />
      <Segmented
        label="Brush shape"
        value={shape}
        onChange={(next) => hand.setBrush({ shape: next })}
        options={[
          { value: 'round', label: <RoundIcon />, title: 'Round', testId: 'shape-round' },
          { value: 'square', label: <SquareIcon />, title: 'Square', testId: 'shape-square' },
        ]}
      />
    </>
  );
}
