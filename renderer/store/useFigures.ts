import { create } from 'zustand';
import type { ImageFigures } from './imageFigures.ts';

interface FiguresState {
  readonly figures: ReadonlyMap<number, ImageFigures>;
  readonly put: (imageId: number, figures: ImageFigures) => void;
  readonly clear: () => void;
}

export const useFigures = create<FiguresState>()((set, get) => ({
  figures: new Map(),
  put(imageId, figures) {
    set({ figures: new Map(get().figures).set(imageId, figures) });
  },
  clear: () => set({ figures: new Map() }),
}));
