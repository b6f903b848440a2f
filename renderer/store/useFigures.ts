import { create } from 'zustand';
import type { ImageFigures } from './imageFigures.ts';

interface FiguresState {
  readonly figures: ReadonlyMap<number, ImageFigures>;
  readonly put: (imageId: number, figures: ImageFigures) => void;
  readonly clear: () => void;
}

/** The images whose student maps are held, with the bytes of each, the oldest first. */
const drawn = new Map<number, number>();
/** Bytes of student maps that are kept, for the difference: counts stay, they are small. */
const BUDGET = 64 * 1024 * 1024;

export const useFigures = create<FiguresState>()((set, get) => ({
  figures: new Map(),
  put(imageId, figures) {
    const all = new Map(get().figures);
    all.delete(imageId);
    all.set(imageId, figures);
    const { studentMap } = figures;
    if (studentMap) drawn.set(imageId, studentMap.ids.byteLength);
    let bytes = 0;
    for (const size of drawn.values()) bytes += size;
    for (const [oldest, size] of drawn) {
      if (bytes <= BUDGET || oldest === imageId) break;
      const known = all.get(oldest);
      if (known) all.set(oldest, { ...known, studentMap: null });
      drawn.delete(oldest);
      bytes -= size;
    }
    set({ figures: all });
  },
  clear() {
    drawn.clear();
    set({ figures: new Map() });
  },
}));
