import { CELL_HEIGHT, CELL_WIDTH, type StripLayout } from './stripLayout.ts';

/** What is drawn of a layer's neurons. */
export interface StripContent {
  readonly kept: (neuron: number) => boolean;
  /** Share of the folder's images that kept it, 0 to 1; null: no image is known. */
  readonly frequency: ((neuron: number) => number) | null;
  readonly forced: (neuron: number) => 'on' | 'off' | null;
  /** The one that the keyboard is on. */
  readonly cursor: number | null;
}

export interface StripColours {
  readonly kept: string;
  readonly pruned: string;
  readonly unusual: string;
  readonly frequency: string;
  readonly on: string;
  readonly off: string;
  readonly cursor: string;
}

const BAR_HEIGHT = 3;
const KEPT_HEIGHT = CELL_HEIGHT - BAR_HEIGHT - 3;
/** A neuron that the image treats otherwise than nine of ten images. */
export const UNUSUAL = 0.1;

/** Draws a layer: a cell per neuron, kept or not, and under it a bar as wide as the share of images that keep it. */
export function drawStrip(
  context: CanvasRenderingContext2D,
  layout: StripLayout,
  content: StripContent,
  colours: StripColours,
): void {
  const { neurons, columns, width, height } = layout;
  context.clearRect(0, 0, width, height);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const x = (neuron % columns) * CELL_WIDTH;
    const y = Math.floor(neuron / columns) * CELL_HEIGHT;
    const kept = content.kept(neuron);
    const frequency = content.frequency?.(neuron) ?? null;
    const unusual = frequency !== null && (kept ? frequency <= UNUSUAL : frequency >= 1 - UNUSUAL);
    const forced = content.forced(neuron);
    if (forced !== null) context.fillStyle = forced === 'on' ? colours.on : colours.off;
    else if (unusual) context.fillStyle = colours.unusual;
    else context.fillStyle = kept ? colours.kept : colours.pruned;
    if (kept || forced === 'on') context.fillRect(x, y, CELL_WIDTH - 1, KEPT_HEIGHT);
    else if (forced === null && !unusual) context.fillRect(x, y, CELL_WIDTH - 1, KEPT_HEIGHT);
    else {
      // Left out, but worth a look: an outline.
      context.fillRect(x, y, CELL_WIDTH - 1, 1);
      context.fillRect(x, y + KEPT_HEIGHT - 1, CELL_WIDTH - 1, 1);
      context.fillRect(x, y, 1, KEPT_HEIGHT);
      context.fillRect(x + CELL_WIDTH - 2, y, 1, KEPT_HEIGHT);
    }
    if (frequency !== null) {
      context.fillStyle = colours.pruned;
      context.fillRect(x, y + KEPT_HEIGHT + 1, CELL_WIDTH - 1, BAR_HEIGHT);
      context.fillStyle = colours.frequency;
      context.fillRect(x, y + KEPT_HEIGHT + 1, (CELL_WIDTH - 1) * frequency, BAR_HEIGHT);
    }
    if (neuron === content.cursor) {
      context.strokeStyle = colours.cursor;
      context.lineWidth = 1.5;
      context.strokeRect(x - 0.25, y + 0.25, CELL_WIDTH - 0.5, CELL_HEIGHT - 1.5);
    }
  }
}
