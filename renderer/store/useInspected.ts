import { create } from 'zustand';
import type { PixelRect } from '#core/geometry.ts';

/** A place in a picture that a figure of an evaluation is about. */
export interface InspectedRegion {
  readonly rect: PixelRect;
  /** Pixels. */
  readonly area: number;
  /** Its borders, as core/disputes/region.ts draws them; null where only its rectangle is known. */
  readonly lines: Int32Array | null;
}

/** An image of an evaluation's list as it is looked at in Compare. */
export interface Inspected {
  readonly imageId: number;
  /** Where it stands in the list. */
  readonly index: number;
  /** Why it is looked at: `Drop in mean IoU −10.2 pt`, `Road called Pavement`. */
  readonly title: string;
  /** The largest first. */
  readonly regions: readonly InspectedRegion[];
}

interface InspectedState {
  readonly inspected: Inspected | null;
  /** Index of the region that is framed. */
  readonly at: number;
  readonly show: (inspected: Inspected) => void;
  readonly goTo: (at: number) => void;
  readonly leave: () => void;
}

export const useInspected = create<InspectedState>()((set) => ({
  inspected: null,
  at: 0,
  show: (inspected) => set({ inspected, at: 0 }),
  goTo: (at) => set({ at }),
  leave: () => set({ inspected: null, at: 0 }),
}));
