import { create } from 'zustand';

interface FolderRunState {
  /** Both models over every image of the folder; null when it is not asked for. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly wanted: boolean;
  readonly begin: () => void;
  readonly stop: () => void;
  readonly setProgress: (progress: { done: number; total: number } | null) => void;
}

/** Comparing a whole folder in the background, behind the image that is looked at. */
export const useFolderRun = create<FolderRunState>()((set) => ({
  progress: null,
  wanted: false,
  begin: () => set({ wanted: true }),
  stop: () => set({ wanted: false, progress: null }),
  setProgress: (progress) => set({ progress }),
}));
