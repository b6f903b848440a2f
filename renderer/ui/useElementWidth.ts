import { useLayoutEffect, useState, type RefCallback } from 'react';

/**
 * The width of the element that is given the ref, in CSS pixels, kept up to date; never less than `least`, which it is
 * before it is measured.
 */
export function useElementWidth(least = 0): readonly [RefCallback<HTMLElement>, number] {
  // State, not a ref: what is drawn only once its data has come is measured then.
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(least);
  useLayoutEffect(() => {
    if (!element) return;
    const measure = (): void => setWidth(Math.max(least, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, least]);
  return [setElement, width];
}
