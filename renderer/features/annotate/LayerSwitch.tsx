import { peekAction } from '../../actions/peekAction.ts';
import { useKeyOf } from '../../actions/useKeyOf.ts';
import { useSettings } from '../../store/useSettings.ts';
import { useView } from '../../store/useView.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Slider } from '../../ui/Slider.tsx';

/** How the mask lies over the picture. */
export function LayerSwitch() {
  const layers = useView((state) => state.layers);
  const { key } = useKeyOf(peekAction.id);
  const setLayers = useView((state) => state.setLayers);
  const opacity = useSettings((state) => state.settings.overlayOpacity);
  const change = useSettings((state) => state.change);
  return (
    <>
      <Segmented
        label="Layers"
        value={layers}
        onChange={setLayers}
        options={[
          {
            value: 'image',
            label: 'Image',
            title: `The image alone${key === '' ? '' : ` (hold ${key})`}`,
            testId: 'layers-image',
          },
          { value: 'mask', label: 'Mask', title: 'The mask alone', testId: 'layers-mask' },
          { value: 'overlay', label: 'Overlay', title: 'The mask over the image', testId: 'layers-overlay' },
          { value: 'outline', label: 'Outline', title: 'Borders over the image', testId: 'layers-outline' },
        ]}
      />
      {layers === 'overlay' && (
        <label className="opacity">
          <Slider
            label="Opacity of the mask"
            value={opacity}
            title="Opacity of the mask"
            onChange={(overlayOpacity) => change({ overlayOpacity })}
          />
          <span className="muted">{Math.round(opacity * 100)}%</span>
        </label>
      )}
    </>
  );
}
