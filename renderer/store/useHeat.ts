import { create } from 'zustand';
import type { HeatMap } from '#core/imaging/heatMap.ts';
import type { Problem } from '#core/problem.ts';

/** `stage.0` to `stage.3`: how far the student's features of a stage are from the teacher's. */
export type HeatSource = 'off' | 'divergence' | `stage.${number}`;

/** Of a SegFormer. */
export const STAGES = 4;

interface HeatState {
  /** What the heat layer of Compare shows. */
  readonly source: HeatSource;
  /** Of the picture `imageId`; what was shown before it while it is made. */
  readonly heat: HeatMap | null;
  readonly imageId: number | null;
  readonly isMaking: boolean;
  readonly problem: Problem | null;
  readonly show: (source: HeatSource) => void;
}

const NONE = { heat: null, imageId: null, isMaking: false, problem: null } as const;

export const useHeat = create<HeatState>()((set) => ({
  source: 'off',
  ...NONE,
  show: (source) => set({ source, ...NONE }),
}));
