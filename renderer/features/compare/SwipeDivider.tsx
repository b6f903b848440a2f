import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useView } from '../../store/useView.ts';

const STEP = 0.02;

/** The line between teacher and student: drag it, or arrow keys, Home and End. */
export function SwipeDivider() {
  const swipe = useView((state) => state.swipe);
  const setSwipe = useView((state) => state.setSwipe);
  const dragging = useRef(false);
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (dragging.current && box) setSwipe((event.clientX - box.left) / box.width);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to: Partial<Record<string, number>> = {
      ArrowLeft: swipe - STEP,
      ArrowRight: swipe + STEP,
      Home: 0,
      End: 1,
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setSwipe(next);
  };
  const percent = Math.round(swipe * 100);
  return (
    <div
      className="swipe-divider"
      role="slider"
      aria-label="Divider between teacher and student"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      tabIndex={0}
      data-testid="swipe-divider"
      style={{ left: `${swipe * 100}%` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        dragging.current = true;
      }}
      onPointerMove={move}
      onPointerUp={() => (dragging.current = false)}
      onKeyDown={onKeyDown}
    >
      <span className="swipe-side left">Teacher</span>
      <span className="swipe-side right">Student</span>
      <span className="swipe-grip" aria-hidden="true" />
    </div>
  );
}
