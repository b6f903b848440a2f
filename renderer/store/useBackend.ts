import { create } from 'zustand';

/** How far WebGPU got with one model. */
export type GpuState =
  | { readonly status: 'checking' }
  /** `equal`: share of pixels with WASM's class, 0 to 1; `on`: the image that was compared. */
  | { readonly status: 'measured'; readonly equal: number; readonly on: string }
  | { readonly status: 'failed'; readonly reason: string };

export interface GpuAdapterState {
  readonly found: boolean;
  /** What the driver says. */
  readonly name: string;
  /** WebGPU computed by the processor: correct, but slower than WASM. */
  readonly software: boolean;
}

interface BackendState {
  /** null until it was asked for. */
  readonly adapter: GpuAdapterState | null;
  /** By the sha256 of the model. */
  readonly gpu: ReadonlyMap<string, GpuState>;
  readonly threads: number;
  readonly setAdapter: (adapter: GpuAdapterState) => void;
  readonly setGpu: (modelSha256: string, state: GpuState) => void;
}

export const useBackend = create<BackendState>()((set, get) => ({
  adapter: null,
  gpu: new Map(),
  threads: 1,
  setAdapter: (adapter) => set({ adapter }),
  setGpu(modelSha256, state) {
    set({ gpu: new Map(get().gpu).set(modelSha256, state) });
  },
}));

/** On at least this share of pixels WebGPU must say what WASM says to be chosen by itself. */
export const GPU_MUST_EQUAL = 0.999;
