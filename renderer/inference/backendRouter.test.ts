import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_RUN_SETTINGS } from '#core/inference/runSettings.ts';
import { settingsSchema } from '#core/ipc/schemas.ts';
import { preprocessorConfigSchema } from '#core/models/modelInfo.ts';
import { ProblemError } from '#core/problem.ts';
import { useBackend } from '../store/useBackend.ts';
import { useSettings } from '../store/useSettings.ts';
import { BackendRouter, type Segmenter } from './backendRouter.ts';
import type { SegmentAnswer, SegmentJob } from './protocol.ts';

const job: SegmentJob = {
  image: { sha256: '01', name: 'a.png', file: new Blob() },
  model: {
    url: 'studio://app/model/m',
    name: 'm',
    sha256: 'ab',
    preprocessor: preprocessorConfigSchema.parse({}),
  },
  settings: DEFAULT_RUN_SETTINGS,
};

const answer = (ids: number[]): SegmentAnswer => ({
  classMap: { width: ids.length, height: 1, ids: Uint8Array.from(ids) },
  logits: { logits: new Float32Array(2), classes: 2, height: 1, width: 1 },
  timings: { decode: 0, preprocess: 0, inference: 0, postprocess: 0 },
  macs: null,
  uncounted: [],
  parameters: null,
  inputWidth: 4,
  inputHeight: 4,
  tiles: 1,
  gates: null,
  cold: false,
});

const client = (segment: () => Promise<SegmentAnswer>): Segmenter => ({
  segment,
  keep: () => undefined,
  stop: () => undefined,
});
const says = (ids: number[]): Segmenter => client(() => Promise.resolve(answer(ids)));
const broken = client(() =>
  Promise.reject(
    new ProblemError({ code: 'x', title: 'onnxruntime cannot load it on WebGPU', detail: 'no f16' }),
  ),
);
const backend = (choice: 'auto' | 'wasm' | 'webgpu'): void =>
  useSettings.setState({ settings: settingsSchema.parse({ backend: choice }) });
const run = async (router: BackendRouter): Promise<string> => {
  const { backend: used } = await router.segment(job, { priority: 0 });
  await new Promise((resolve) => setTimeout(resolve, 0));
  return used;
};

beforeEach(() => {
  useBackend.setState({ adapter: { found: true, name: 'test', software: false }, gpu: new Map() });
});

describe('BackendRouter', () => {
  it('uses WASM where there is no adapter, whatever was chosen', async () => {
    useBackend.setState({ adapter: { found: false, name: '', software: false } });
    backend('webgpu');
    expect(await run(new BackendRouter(says([0, 1]), broken))).toBe('wasm');
  });

  it('goes over to WebGPU by itself once it said what WASM says', async () => {
    backend('auto');
    const router = new BackendRouter(says([0, 1]), says([0, 1]));
    expect(await run(router)).toBe('wasm');
    expect(useBackend.getState().gpu.get('ab')).toEqual({ status: 'measured', equal: 1, on: 'a.png' });
    expect(await run(router)).toBe('webgpu');
  });

  it('stays on WASM where WebGPU says something else', async () => {
    backend('auto');
    const router = new BackendRouter(says([0, 1]), says([0, 0]));
    await run(router);
    expect(useBackend.getState().gpu.get('ab')).toEqual({ status: 'measured', equal: 0.5, on: 'a.png' });
    expect(await run(router)).toBe('wasm');
  });

  it('leaves a software adapter alone unless it was chosen, and compares it first then too', async () => {
    useBackend.setState({ adapter: { found: true, name: 'SwiftShader', software: true } });
    backend('auto');
    const router = new BackendRouter(says([0, 1]), says([0, 1]));
    await run(router);
    expect(useBackend.getState().gpu.size).toBe(0);
    expect(await run(router)).toBe('wasm');
    backend('webgpu');
    expect(await run(router)).toBe('wasm');
    expect(await run(router)).toBe('webgpu');
  });

  it('does not compare again what it compared on this driver in an earlier start', async () => {
    backend('auto');
    await run(new BackendRouter(says([0, 1]), says([0, 1])));
    const { gpuParity } = useSettings.getState().settings;
    expect(gpuParity).toEqual({ 'ab test': { equal: 1, on: 'a.png' } });
    useBackend.setState({ gpu: new Map() });
    expect(await run(new BackendRouter(broken, says([0, 1])))).toBe('webgpu');
    useBackend.setState({ gpu: new Map(), adapter: { found: true, name: 'newer driver', software: false } });
    expect(await run(new BackendRouter(says([0, 1]), says([0, 1])))).toBe('wasm');
  });

  it('falls back where WebGPU fails, says why, and does not try again', async () => {
    backend('auto');
    const router = new BackendRouter(says([0, 1]), broken);
    expect(await run(router)).toBe('wasm');
    expect(useBackend.getState().gpu.get('ab')).toEqual({
      status: 'failed',
      reason: 'onnxruntime cannot load it on WebGPU. no f16',
    });
    expect(await run(router)).toBe('wasm');
  });

  it('falls back in the middle of a run where the device goes after it was trusted', async () => {
    backend('auto');
    await run(new BackendRouter(says([0, 1]), says([0, 1])));
    expect(await run(new BackendRouter(says([0, 1]), broken))).toBe('wasm');
    expect(useBackend.getState().gpu.get('ab')?.status).toBe('failed');
  });

  it('does not touch WebGPU where WASM was chosen', async () => {
    backend('wasm');
    expect(await run(new BackendRouter(says([0, 1]), broken))).toBe('wasm');
    expect(useBackend.getState().gpu.size).toBe(0);
  });
});
