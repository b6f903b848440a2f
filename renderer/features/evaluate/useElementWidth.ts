import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** Charts are never drawn narrower than this. */
const LEAST = 280;

/** The width of an element in CSS pixels, kept up to date. */
export function useElementWidth(): readonly [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(LEAST);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const measure = (): void => setWidth(Math.max(LEAST, current.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
