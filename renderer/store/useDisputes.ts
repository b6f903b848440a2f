import { create } from 'zustand';
import { decidedBy } from '#core/disputes/decidedBy.ts';
import type { Dispute } from '#core/disputes/findDisputes.ts';
import type { Region } from '#core/disputes/region.ts';
import type { ImageVerdicts } from '#core/disputes/verdict.ts';
import type { Problem } from '#core/problem.ts';
import { placedVerdicts, useVerdicts, type PlacedVerdict, type VerdictsRead } from './useVerdicts.ts';

/** The disputes of one image, the highest rank first. */
export interface ImageDisputes {
  readonly disputes: readonly Dispute[];
  /** Why none could be found. */
  readonly problem: Problem | null;
}

interface DisputesState {
  readonly images: ReadonlyMap<number, ImageDisputes>;
  /** The dispute that verdict keys are about. */
  readonly selected: { readonly imageId: number; readonly dispute: Dispute } | null;
  /** Changes with every jump to a dispute: its outline blinks. */
  readonly jumps: number;
  /** Looking through the folder for the next open dispute: the images looked at, of how many. */
  readonly seeking: { readonly done: number; readonly total: number; readonly stop: () => void } | null;
  readonly put: (imageId: number, found: ImageDisputes) => void;
  readonly clear: () => void;
  readonly select: (imageId: number, dispute: Dispute) => void;
  readonly leave: () => void;
}

/** Bytes of regions that are kept; those found longest ago go first. */
const BUDGET = 128 * 1024 * 1024;
/** A run with what both models say of it. */
const BYTES_PER_RUN = 16;

export const useDisputes = create<DisputesState>()((set, get) => ({
  images: new Map(),
  selected: null,
  jumps: 0,
  seeking: null,
  put(imageId, found) {
    const images = new Map(get().images);
    images.delete(imageId);
    images.set(imageId, found);
    let bytes = 0;
    for (const [id, { disputes }] of [...images].reverse()) {
      for (const { runs } of disputes) bytes += (runs.length / 3) * BYTES_PER_RUN;
      if (bytes > BUDGET && id !== imageId) images.delete(id);
    }
    const { selected } = get();
    const isGone = selected?.imageId === imageId && !found.disputes.includes(selected.dispute);
    set({ images, selected: isGone ? null : selected });
  },
  clear: () => set({ images: new Map(), selected: null }),
  select: (imageId, dispute) => set({ selected: { imageId, dispute }, jumps: get().jumps + 1 }),
  leave: () => set({ selected: null }),
}));

/** A dispute and the verdict on it, null while it is open. */
export interface DisputeState {
  readonly dispute: Dispute;
  readonly verdict: PlacedVerdict | null;
}

interface Known {
  readonly verdicts: ImageVerdicts | undefined;
  readonly regions: ReadonlyMap<number, Region> | undefined;
  readonly states: readonly DisputeState[];
}
const known = new WeakMap<ImageDisputes, Known>();

/** The disputes of an image with their verdicts, null before they are found; the same array until one changes. */
export function disputeStates(
  imageId: number | null,
  state: Pick<DisputesState, 'images'> = useDisputes.getState(),
  given: VerdictsRead = useVerdicts.getState(),
): readonly DisputeState[] | null {
  const found = imageId === null ? undefined : state.images.get(imageId);
  if (imageId === null || !found) return null;
  const verdicts = given.images.get(imageId);
  const regions = given.regions.get(imageId);
  const before = known.get(found);
  if (before && before.verdicts === verdicts && before.regions === regions) return before.states;
  const placed = placedVerdicts(imageId, given);
  const states = found.disputes.map((dispute) => ({ dispute, verdict: decidedBy(dispute, placed) }));
  known.set(found, { verdicts, regions, states });
  return states;
}
