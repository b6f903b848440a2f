import { create } from 'zustand';
import type { ImagePoint } from '#core/geometry.ts';

export type Place = 'compare' | 'annotate' | 'evaluate' | 'gates' | 'models';
/** What is drawn of a class map: nothing, only it, it over the picture, its borders over the picture. */
export type LayerMode = 'image' | 'mask' | 'overlay' | 'outline';
export type CompareLayout = 'side' | 'swipe' | 'difference';

/** How the picture lies in its stages: fitted to each, or the same scale and centre in all. */
export type Zoom =
  | { readonly mode: 'fit' }
  | {
      readonly mode: 'free';
      /** CSS pixels per image pixel. */
      readonly scale: number;
      /** The image point in the middle of the stage. */
      readonly centre: ImagePoint;
    };

interface ViewState {
  readonly place: Place;
  readonly zoom: Zoom;
  readonly layers: LayerMode;
  readonly layout: CompareLayout;
  /** Where the divider of the swipe stands, 0 to 1 of the stage. */
  readonly swipe: number;
  /** Of the main stage in sight, CSS pixels: what zooming by key goes by. */
  readonly stageSize: { readonly width: number; readonly height: number } | null;
  /** H is held: the bare image. */
  readonly peeking: boolean;
  /** Where the pointer is over any stage of the picture. */
  readonly cursor: ImagePoint | null;
  /** Classes that are not drawn, by id of the teacher's or the project's table. */
  readonly hidden: ReadonlySet<number>;
  /** Only this class is drawn. */
  readonly solo: number | null;
  readonly setPlace: (place: Place) => void;
  readonly setZoom: (zoom: Zoom) => void;
  readonly setLayers: (layers: LayerMode) => void;
  readonly setLayout: (layout: CompareLayout) => void;
  readonly setSwipe: (swipe: number) => void;
  readonly setPeeking: (peeking: boolean) => void;
  readonly setStageSize: (size: { width: number; height: number }) => void;
  readonly setCursor: (cursor: ImagePoint | null) => void;
  readonly toggleHidden: (classId: number) => void;
  readonly toggleSolo: (classId: number) => void;
  readonly showAllClasses: () => void;
}

const NOTHING_HIDDEN: ReadonlySet<number> = new Set();

export const useView = create<ViewState>()((set, get) => ({
  place: 'compare',
  zoom: { mode: 'fit' },
  layers: 'overlay',
  layout: 'side',
  swipe: 0.5,
  stageSize: null,
  peeking: false,
  cursor: null,
  hidden: NOTHING_HIDDEN,
  solo: null,
  setPlace: (place) => set({ place }),
  setZoom: (zoom) => set({ zoom }),
  setLayers: (layers) => set({ layers }),
  setLayout: (layout) => set({ layout }),
  setSwipe: (swipe) => set({ swipe: Math.min(1, Math.max(0, swipe)) }),
  setPeeking(peeking) {
    if (peeking !== get().peeking) set({ peeking });
  },
  setStageSize: (stageSize) => set({ stageSize }),
  setCursor: (cursor) => set({ cursor }),
  toggleHidden(classId) {
    const hidden = new Set(get().hidden);
    if (!hidden.delete(classId)) hidden.add(classId);
    set({ hidden, solo: null });
  },
  toggleSolo(classId) {
    set({ solo: get().solo === classId ? null : classId, hidden: NOTHING_HIDDEN });
  },
  showAllClasses: () => set({ hidden: NOTHING_HIDDEN, solo: null }),
}));
