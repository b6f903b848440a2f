import { screenPoint, type ScreenPoint } from '#core/geometry.ts';
import type { Size } from '../canvas/viewport.ts';
import { currentImage } from '../store/useProject.ts';
import { useView, type Zoom } from '../store/useView.ts';

/** Changes the shared zoom by key, for the stage that is in sight. */
export function changeZoom(change: (zoom: Zoom, stage: Size, image: Size) => Zoom): void {
  const { zoom, stageSize, setZoom } = useView.getState();
  const image = currentImage();
  if (image && stageSize) setZoom(change(zoom, stageSize, image));
}

export const middleOf = (stage: Size): ScreenPoint => screenPoint(stage.width / 2, stage.height / 2);
