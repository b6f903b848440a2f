import { create } from 'zustand';
import type { ImageFigures } from './imageFigures.ts';

interface FiguresState {
  readonly figures: ReadonlyMap<number, ImageFigures>;
  readonly put: (imageId: number, figures: ImageFigures) => void;
  readonly clear: () => void;
}

/** Bytes of student maps that are kept, for the difference: counts stay, they are small. */
const BUDGET = 64 * 1024 * 1024;

export const useFigures = create<FiguresState>()((set, get) => ({
  figures: new Map(),
  put(imageId, figures) {
    const all = new Map(get().figures);
    all.delete(imageId);
    all.set(imageId, figures);
    let bytes = 0;
    for (const { studentMap } of all.values()) bytes += studentMap?.ids.byteLength ?? 0;
    // The oldest first.
    for (const [oldest, known] of all) {
      if (bytes <= BUDGET || oldest === imageId) break;
      if (!known.studentMap) continue;
      bytes -= known.studentMap.ids.byteLength;
      all.set(oldest, { ...known, studentMap: null });
    }
    set({ figures: all });
  },
  clear: () => set({ figures: new Map() }),
}));
