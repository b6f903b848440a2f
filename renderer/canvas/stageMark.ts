import type { Mark } from './markShape.ts';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * One outline over a stage, as an element of its own: where only its place changes the browser moves it, and
 * nothing is painted again. Dark under light, so that it is seen on snow and on asphalt.
 */
export class StageMark {
  private readonly svg = document.createElementNS(SVG, 'svg');
  private readonly lines = [line('rgba(0, 0, 0, 0.75)', 3), line('#fff', 1)];
  private shown: Mark | null = null;

  constructor(parent: HTMLElement) {
    this.svg.classList.add('stage-mark');
    this.svg.setAttribute('aria-hidden', 'true');
    this.svg.append(...this.lines);
    this.svg.style.display = 'none';
    parent.append(this.svg);
  }

  /** null hides it. */
  show(mark: Mark | null): void {
    const before = this.shown;
    this.shown = mark;
    if (!mark) {
      if (before) this.svg.style.display = 'none';
      return;
    }
    const { style } = this.svg;
    if (!before) style.display = '';
    if (mark.width !== before?.width || mark.height !== before.height) {
      this.svg.setAttribute('width', String(mark.width));
      this.svg.setAttribute('height', String(mark.height));
    }
    if (mark.path !== before?.path) for (const path of this.lines) path.setAttribute('d', mark.path);
    style.transform = `translate(${mark.left}px, ${mark.top}px)`;
  }
}

function line(stroke: string, width: number): SVGPathElement {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('fill', 'none');
  path.setAttribute('stroke', stroke);
  path.setAttribute('stroke-width', String(width));
  return path;
}
