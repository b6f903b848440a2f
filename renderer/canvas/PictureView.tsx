import { useEffect, useLayoutEffect, useRef } from 'react';
import type { OverlayShape, StagePointerHandler } from '../store/stageTool.ts';
import type { StageLayer } from '../store/stageLayer.ts';
import { useView } from '../store/useView.ts';
import { PictureStage, type Picture } from './pictureStage.ts';
import { StageGestures } from './stageGestures.ts';
import type { Size } from './viewport.ts';

export interface PictureViewProps {
  /** What a screen reader says it is: `teacher`, `mask`. */
  readonly label: string;
  /** null while it is decoded, or where there is none to show. */
  readonly picture: Picture | null;
  /** Of the image, in pixels, known before it is decoded. */
  readonly imageSize: Size;
  /** Drawn in this order over the picture. Keep the array while nothing changes. */
  readonly layers: readonly StageLayer[];
  /** The tool in use; without one the left button pans. */
  readonly handler?: StagePointerHandler | null;
  /** Any value that changes when the tool's overlay does without a pointer event: size, undo, points taken back. */
  readonly overlayVersion?: unknown;
  /** What the place points at, drawn over the layers. Keep the array while nothing changes. */
  readonly highlight?: readonly OverlayShape[];
  /** A small copy beside the main stage: zooming by key does not go by its size. */
  readonly inset?: boolean;
  readonly testId?: string;
}

const NO_SHAPES: readonly OverlayShape[] = [];

/** A Konva stage that follows the shared zoom and cursor. */
export function PictureView(props: PictureViewProps) {
  const { label, picture, imageSize, layers, handler = null, overlayVersion, inset = false, testId } = props;
  const { highlight = NO_SHAPES } = props;
  const container = useRef<HTMLDivElement>(null);
  const stage = useRef<PictureStage | null>(null);
  const gestures = useRef<StageGestures | null>(null);
  const currentHandler = useRef(handler);
  useLayoutEffect(() => {
    currentHandler.current = handler;
  }, [handler]);

  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    const created = new PictureStage(element);
    const watching = new StageGestures(element, created, () => currentHandler.current);
    stage.current = created;
    gestures.current = watching;
    const measure = (): void => {
      const size = { width: element.clientWidth, height: element.clientHeight };
      created.resize(size);
      watching.measureAgain();
      if (!inset && size.width > 0) useView.getState().setStageSize(size);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    created.setZoom(useView.getState().zoom);
    const unsubscribe = useView.subscribe((view) => {
      created.setZoom(view.zoom);
      created.setCrosshair(watching.hovered ? null : view.cursor);
    });
    return () => {
      unsubscribe();
      observer.disconnect();
      watching.destroy();
      created.destroy();
      stage.current = null;
      gestures.current = null;
    };
  }, [inset]);

  useLayoutEffect(() => {
    stage.current?.setPicture(picture, imageSize);
  }, [picture, imageSize]);
  useLayoutEffect(() => {
    stage.current?.setLayers(layers);
  }, [layers]);
  useLayoutEffect(() => {
    stage.current?.setHighlight(highlight);
  }, [highlight]);
  useEffect(() => {
    gestures.current?.refresh();
  }, [handler, overlayVersion]);

  return (
    <div
      ref={container}
      className="picture-view"
      role="img"
      aria-label={label}
      data-testid={testId}
      onContextMenu={(event) => event.preventDefault()}
    />
  );
}
