import type { ReactNode } from 'react';
import type { Action } from '../../actions/action.ts';
import {
  leaveInspectedAction,
  nextRegionAction,
  nextResultAction,
  previousRegionAction,
  previousResultAction,
  whichLayerAction,
} from '../../actions/evaluate/inspectActions.ts';
import { runAction } from '../../actions/runAction.ts';
import { useHotkeyLabel } from '../../actions/useHotkeyLabel.ts';
import { useInspected } from '../../store/useInspected.ts';
import { useProject } from '../../store/useProject.ts';
import { useResultList } from '../../store/useResultList.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { count } from '../../ui/figureFormat.ts';
import './regionBar.css';

/** Over the picture of Compare: why this image is looked at, its regions, and the way on through the list. */
export function RegionBar() {
  const inspected = useInspected((state) => state.inspected);
  const at = useInspected((state) => state.at);
  const imageId = useProject((state) => state.imageId);
  const total = useResultList((state) => state.total);
  if (inspected?.imageId !== imageId) return null;
  const { regions, index, title } = inspected;
  const region = regions[at];
  return (
    <div className="region-bar" role="toolbar" aria-label="From Evaluate" data-testid="region-bar">
      <BarButton action={leaveInspectedAction} testId="region-back">
        ‹ List
      </BarButton>
      <span className="region-title" data-testid="region-title">
        {title}
      </span>
      {region && (
        <span className="region-steps">
          {regions.length > 1 && <BarButton action={previousRegionAction}>‹</BarButton>}
          <span className="muted" data-testid="region-at">
            {regions.length > 1 ? `region ${at + 1} of ${regions.length}, ` : ''}
            {count(region.area)} px
          </span>
          {regions.length > 1 && (
            <BarButton action={nextRegionAction} testId="region-next">
              ›
            </BarButton>
          )}
        </span>
      )}
      <BarButton action={whichLayerAction} testId="region-layer">
        Which layer?
      </BarButton>
      <span className="region-steps">
        <BarButton action={previousResultAction}>‹</BarButton>
        <span className="muted">
          {count(index + 1)}
          {total === null ? '' : ` of ${count(total)}`}
        </span>
        <BarButton action={nextResultAction} testId="region-next-image">
          ›
        </BarButton>
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label="Close"
        onClick={() => useInspected.getState().leave()}
      >
        <Icon name="close" size={13} />
      </button>
    </div>
  );
}

interface BarButtonProps {
  readonly action: Action;
  readonly children: ReactNode;
  readonly testId?: string;
}

function BarButton({ action, children, testId }: BarButtonProps) {
  const key = useHotkeyLabel(action);
  return (
    <button
      type="button"
      className="button quiet"
      aria-label={action.label}
      title={key === '' ? action.label : `${action.label} (${key})`}
      data-testid={testId}
      onClick={() => void runAction(action)}
    >
      {children}
    </button>
  );
}
