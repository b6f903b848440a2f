import { create } from 'zustand';
import type { RecordedGates } from '#core/gates/recordedGates.ts';
import type { RunSettings } from '#core/inference/runSettings.ts';
import type { SegmentTimings } from '#core/inference/segment.ts';
import type { Logits } from '#core/imaging/postprocess.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { Problem } from '#core/problem.ts';

export type RunBackend = 'wasm' | 'webgpu';

/** What one model said of one image, with what it cost. */
export interface ModelRun {
  readonly imageId: number;
  readonly modelId: string;
  readonly modelSha256: string;
  /** Ids of `table`, at the upright size of the image. */
  readonly classMap: ClassMap;
  readonly table: ClassTable;
  /** float32 [classes, h, w], a quarter of the model's input. */
  readonly logits: Logits;
  readonly timings: SegmentTimings & { readonly decode: number };
  /** Multiply-adds of this run; null where the graph could not be read. */
  readonly macs: number | null;
  /** Operators that `macs` leaves out. */
  readonly uncounted: readonly string[];
  readonly parameters: number | null;
  readonly backend: RunBackend;
  /** Size of the model's input; of tiles, each of them. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  /** How many pieces the picture was cut into; 1: none. */
  readonly tiles: number;
  /** Of a student that says which neurons it computed, and of a picture in one piece. */
  readonly gates: RecordedGates | null;
  /** The first run of a session: its time carries costs that come once. */
  readonly cold: boolean;
  readonly settings: RunSettings;
  /** Which mapping of the model's classes it is in: mappingKey; absent: its own classes. */
  readonly mapping?: string;
}

export type RunState =
  /** `before`: the run with other settings that is shown until this one is done. */
  | { readonly status: 'waiting'; readonly before?: ModelRun | null }
  | {
      readonly status: 'running';
      readonly before?: ModelRun | null;
      /** Of a picture in pieces: the one that runs, from 0, and how many there are. */
      readonly tile?: { readonly index: number; readonly count: number };
    }
  | { readonly status: 'done'; readonly run: ModelRun }
  | { readonly status: 'failed'; readonly problem: Problem };

interface ResultsState {
  readonly runs: ReadonlyMap<string, RunState>;
  readonly setRun: (imageId: number, modelId: string, state: RunState) => void;
  /** Forgets what no one waits for any more: another project, another backend. */
  readonly clear: () => void;
  /** The runs of a model were made with settings that are no longer chosen. */
  readonly outdate: (modelId: string, shownImageId: number | null) => void;
  /** Forgets the waiting ones of all images but this. */
  readonly dropWaiting: (keepImageId: number | null) => void;
}

/** Bytes of class maps and logits that are kept; the run used longest ago goes first. */
const BUDGET = 256 * 1024 * 1024;

export const runKey = (imageId: number, modelId: string): string => `${imageId}:${modelId}`;

export const useResults = create<ResultsState>()((set, get) => ({
  runs: new Map(),
  setRun(imageId, modelId, state) {
    const runs = new Map(get().runs);
    const key = runKey(imageId, modelId);
    runs.delete(key);
    runs.set(key, state);
    let bytes = 0;
    for (const [oldKey, old] of [...runs].reverse()) {
      if (old.status !== 'done') continue;
      bytes += old.run.classMap.ids.byteLength + old.run.logits.logits.byteLength;
      if (bytes > BUDGET && oldKey !== key) runs.delete(oldKey);
    }
    set({ runs });
  },
  clear: () => set({ runs: new Map() }),
  outdate(modelId, shownImageId) {
    const runs = new Map(get().runs);
    for (const [key, state] of runs) {
      if (!key.endsWith(`:${modelId}`)) continue;
      const before = key === runKey(shownImageId ?? NaN, modelId) ? shownRun(state) : null;
      if (before) runs.set(key, { status: 'waiting', before });
      else runs.delete(key);
    }
    set({ runs });
  },
  dropWaiting(keepImageId) {
    const runs = new Map(
      [...get().runs].filter(
        ([key, state]) => state.status !== 'waiting' || key.startsWith(`${String(keepImageId)}:`),
      ),
    );
    set({ runs });
  },
}));

/** What is on screen of a run: its result, or the one before it while it is made. */
export function shownRun(state: RunState | undefined): ModelRun | null {
  switch (state?.status) {
    case 'done':
      return state.run;
    case 'waiting':
    case 'running':
      return state.before ?? null;
    case 'failed':
    case undefined:
      return null;
  }
}

/** The finished run of a model on an image, or null. */
export function finishedRun(
  imageId: number | null,
  modelId: string | null,
  state: Pick<ResultsState, 'runs'> = useResults.getState(),
): ModelRun | null {
  if (imageId === null || modelId === null) return null;
  const found = state.runs.get(runKey(imageId, modelId));
  return found?.status === 'done' ? found.run : null;
}
