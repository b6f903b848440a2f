import { fitScale } from '../../canvas/viewport.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';
import { Icon } from '../../ui/icons/Icon.tsx';

/** How large the picture is shown, and the way back to all of it. */
export function ZoomControl() {
  const zoom = useView((state) => state.zoom);
  const stageSize = useView((state) => state.stageSize);
  const setZoom = useView((state) => state.setZoom);
  const image = useProject((state) => currentImage(state));
  if (!image || !stageSize) return null;
  const scale = zoom.mode === 'fit' ? fitScale(stageSize, image) : zoom.scale;
  return (
    <div className="zoom-control">
      <span className="muted" data-testid="zoom">
        {Math.round(scale * 100)}%
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label="Fit the picture into the window"
        title="Fit (F)"
        aria-pressed={zoom.mode === 'fit'}
        onClick={() => setZoom({ mode: 'fit' })}
      >
        <Icon name="fit" />
      </button>
    </div>
  );
}
