import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { NARROWEST_PANEL, WIDEST_PANEL } from '../store/panelWidths.ts';

interface SplitterProps {
  readonly label: string;
  /** CSS pixels of the panel; 0 is collapsed. */
  readonly width: number;
  /** The panel lies on this side of the splitter. */
  readonly side: 'left' | 'right';
  readonly openWidth: number;
  readonly onChange: (width: number) => void;
}

const STEP = 16;
/** Dragged narrower than this, a panel collapses. */
const COLLAPSE_BELOW = 96;

const settle = (width: number): number =>
  width < COLLAPSE_BELOW ? 0 : Math.round(Math.min(WIDEST_PANEL, Math.max(NARROWEST_PANEL, width)));

/** The line between a panel and the picture: drag it, or arrow keys; double click or Enter collapses. */
export function Splitter({ label, width, side, openWidth, onChange }: SplitterProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const sign = side === 'left' ? 1 : -1;
  const toggle = (): void => onChange(width > 0 ? 0 : openWidth);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start.current) onChange(settle(start.current.width + sign * (event.clientX - start.current.x)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? STEP : event.key === 'ArrowLeft' ? -STEP : 0;
    if (step === 0 && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (step === 0) toggle();
    else onChange(settle(width === 0 ? openWidth : width + sign * step));
  };
  return (
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={0}
      aria-valuemax={WIDEST_PANEL}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = null)}
      onDoubleClick={toggle}
      onKeyDown={onKeyDown}
    />
  );
}
