import { Icon } from '../../ui/icons/Icon.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { useSettings } from '../../store/useSettings.ts';
import { useView } from '../../store/useView.ts';
import { HeatMenu } from './HeatMenu.tsx';
import { ZoomControl } from './ZoomControl.tsx';

/** The switches above the picture: how the two lie, and what is drawn of them. */
export function CompareBar() {
  const layout = useView((state) => state.layout);
  const setLayout = useView((state) => state.setLayout);
  const layers = useView((state) => state.layers);
  const setLayers = useView((state) => state.setLayers);
  const opacity = useSettings((state) => state.settings.overlayOpacity);
  const changeSettings = useSettings((state) => state.change);
  return (
    <div className="place-bar" role="toolbar" aria-label="View of the comparison">
      <Segmented
        label="Layout"
        value={layout}
        onChange={setLayout}
        options={[
          {
            value: 'side',
            label: (
              <>
                <Icon name="side" /> <span className="wide-only">Side by side</span>
              </>
            ),
            title: 'Teacher beside student (Z)',
            testId: 'layout-side',
          },
          {
            value: 'swipe',
            label: (
              <>
                <Icon name="swipe" /> <span className="wide-only">Swipe</span>
              </>
            ),
            title: 'One picture under a divider (X)',
            testId: 'layout-swipe',
          },
          {
            value: 'difference',
            label: (
              <>
                <Icon name="difference" /> <span className="wide-only">Difference</span>
              </>
            ),
            title: 'Only the pixels on which they disagree (C)',
            testId: 'layout-difference',
          },
        ]}
      />
      {layout !== 'difference' && (
        <>
          <Segmented
            label="Layers"
            value={layers}
            onChange={setLayers}
            options={[
              { value: 'image', label: 'Image', title: 'The image alone (1)', testId: 'layers-image' },
              { value: 'mask', label: 'Mask', title: 'The classes alone (2)', testId: 'layers-mask' },
              {
                value: 'overlay',
                label: 'Overlay',
                title: 'Classes over the image (3)',
                testId: 'layers-overlay',
              },
              {
                value: 'outline',
                label: 'Outline',
                title: 'Outlines over the image (4)',
                testId: 'layers-outline',
              },
            ]}
          />
          {layers === 'overlay' && (
            <label className="opacity">
              <Slider
                label="Opacity of the overlay"
                value={opacity}
                title="Opacity of the overlay ( [ and ] )"
                testId="opacity"
                onChange={(overlayOpacity) => changeSettings({ overlayOpacity })}
              />
              <span className="muted">{Math.round(opacity * 100)}%</span>
            </label>
          )}
        </>
      )}
      <HeatMenu />
      <ZoomControl />
    </div>
  );
}
