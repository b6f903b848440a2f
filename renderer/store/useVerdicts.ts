import { create } from 'zustand';
import { decodeRegion, type Region } from '#core/disputes/region.ts';
import { standingVerdicts, type ImageVerdicts, type SteppedVerdict } from '#core/disputes/verdict.ts';
import { toProblem } from '#core/problem.ts';
import { call } from './studio.ts';
import { useToasts } from './useToasts.ts';

/** A verdict that holds, with the pixels that it is about. */
export interface PlacedVerdict extends SteppedVerdict {
  readonly region: Region;
}

interface VerdictsState {
  readonly projectId: string | null;
  /** Images with a verdict or a step since the project was opened. */
  readonly images: ReadonlyMap<number, ImageVerdicts>;
  /** By image, then by step. Loaded when the image's disputes are looked at. */
  readonly regions: ReadonlyMap<number, ReadonlyMap<number, Region>>;
  /** Reads the verdicts of a project; those of the one before are forgotten. */
  readonly load: (projectId: string) => Promise<void>;
  readonly loadRegions: (imageId: number) => Promise<void>;
  /** A step of a mask was finished: what was undone before it is gone. */
  readonly stepped: (step: {
    readonly imageId: number;
    readonly seq: number;
    readonly starts: boolean;
    readonly verdict?: Omit<PlacedVerdict, 'seq'>;
  }) => void;
  /** Undo, redo, or a look at the project file: this many steps are applied. */
  readonly movedTo: (imageId: number, cursor: number) => void;
}

const NO_REGIONS: ReadonlyMap<number, Region> = new Map();
const noVerdicts = (imageId: number): ImageVerdicts => ({ imageId, cursor: 0, starts: [], verdicts: [] });

/** The verdicts of the open project, in step with the masks' histories. */
export const useVerdicts = create<VerdictsState>()((set, get) => {
  const put = (image: ImageVerdicts): void => {
    set({ images: new Map(get().images).set(image.imageId, image) });
  };
  return {
    projectId: null,
    images: new Map(),
    regions: new Map(),
    async load(projectId) {
      set({ projectId, images: new Map(), regions: new Map() });
      try {
        const list = await call('verdicts.list', { projectId });
        if (get().projectId !== projectId) return;
        // What was done while the list was on its way is newer.
        const images = new Map(list.map((image): [number, ImageVerdicts] => [image.imageId, image]));
        for (const [imageId, image] of get().images) images.set(imageId, image);
        set({ images });
      } catch (error) {
        useToasts.getState().showProblem(toProblem(error, { code: 'verdicts.list' }));
      }
    },
    async loadRegions(imageId) {
      const { projectId, regions } = get();
      if (projectId === null || regions.has(imageId)) return;
      const stored = await call('verdicts.regions', { projectId, imageId });
      if (get().projectId !== projectId) return;
      const known = get().regions.get(imageId) ?? NO_REGIONS;
      const read = stored.map(({ seq, region }): [number, Region] => [seq, decodeRegion(region)]);
      set({ regions: new Map(get().regions).set(imageId, new Map([...read, ...known])) });
    },
    stepped({ imageId, seq, starts, verdict }) {
      const before = get().images.get(imageId) ?? noVerdicts(imageId);
      const kept = before.verdicts.filter((one) => one.seq < seq);
      put({
        imageId,
        cursor: seq,
        starts: [...before.starts.filter((start) => start < seq), ...(starts ? [seq] : [])],
        renumberings: before.renumberings?.filter((change) => change.seq < seq),
        verdicts: verdict ? [...kept, { seq, verdict: verdict.verdict }] : kept,
      });
      if (!verdict) return;
      const regions = new Map(get().regions.get(imageId)).set(seq, verdict.region);
      set({ regions: new Map(get().regions).set(imageId, regions) });
    },
    movedTo(imageId, cursor) {
      const before = get().images.get(imageId);
      if (before && before.cursor !== cursor) put({ ...before, cursor });
    },
  };
});

export type VerdictsRead = Pick<VerdictsState, 'images' | 'regions'>;

const standing = new WeakMap<ImageVerdicts, readonly SteppedVerdict[]>();

/** The verdicts of an image that hold; the same array until something changes. */
export function standingOf(
  imageId: number,
  state: VerdictsRead = useVerdicts.getState(),
): readonly SteppedVerdict[] {
  const image = state.images.get(imageId);
  if (!image) return NONE;
  let found = standing.get(image);
  if (!found) {
    found = standingVerdicts(image);
    standing.set(image, found);
  }
  return found;
}
const NONE: readonly SteppedVerdict[] = [];

/** The same with their regions, as far as they are loaded. */
export function placedVerdicts(
  imageId: number,
  state: VerdictsRead = useVerdicts.getState(),
): readonly PlacedVerdict[] {
  const regions = state.regions.get(imageId) ?? NO_REGIONS;
  return standingOf(imageId, state).flatMap((one) => {
    const region = regions.get(one.seq);
    return region ? [{ ...one, region }] : [];
  });
}
