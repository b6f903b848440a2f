/** CSS pixels: a neuron's cell with the gap behind it. */
export const CELL_WIDTH = 6;
export const CELL_HEIGHT = 15;

/** How a layer's neurons lie in lines. */
export interface StripLayout {
  readonly neurons: number;
  /** Of a line. */
  readonly columns: number;
  readonly lines: number;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Neurons in lines that fit a width, one cell wide at least. */
export function stripLayout(neurons: number, width: number): StripLayout {
  const fitting = Math.max(1, Math.floor(width / CELL_WIDTH));
  // Whole eights are easier to find one's way in.
  const columns = Math.min(neurons, fitting >= 16 ? fitting - (fitting % 8) : fitting);
  const lines = Math.ceil(neurons / columns);
  return { neurons, columns, lines, width: columns * CELL_WIDTH, height: lines * CELL_HEIGHT };
}

/** The neuron under a point of the strip, or null beside them. */
export function neuronAt({ neurons, columns }: StripLayout, x: number, y: number): number | null {
  const column = Math.floor(x / CELL_WIDTH);
  if (column < 0 || column >= columns || y < 0) return null;
  const neuron = Math.floor(y / CELL_HEIGHT) * columns + column;
  return neuron < neurons ? neuron : null;
}

/** Where arrow keys lead from a neuron; `above` and `below`: out of the layer. */
export function neuronBeside(
  { neurons, columns }: StripLayout,
  from: number,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End',
): number | 'above' | 'below' {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(neurons - 1, from + 1);
    case 'ArrowUp':
      return from < columns ? 'above' : from - columns;
    case 'ArrowDown':
      return from + columns < neurons ? from + columns : 'below';
    case 'Home':
      return 0;
    case 'End':
      return neurons - 1;
  }
}
