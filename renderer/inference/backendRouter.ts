import type { ClassMap } from '#core/mask/classMap.ts';
import { toProblem } from '#core/problem.ts';
import { GPU_MUST_EQUAL, useBackend } from '../store/useBackend.ts';
import type { RunBackend } from '../store/useResults.ts';
import { useSettings } from '../store/useSettings.ts';
import type { InferenceClient, SegmentRequest } from './inferenceClient.ts';
import type { SegmentAnswer, SegmentJob } from './protocol.ts';

export interface RoutedAnswer {
  readonly answer: SegmentAnswer;
  readonly backend: RunBackend;
}

/** What the router needs of a client. */
export type Segmenter = Pick<InferenceClient, 'segment' | 'keep'>;

/**
 * Sends each job to WASM or WebGPU. WASM is the reference. With `auto`, WebGPU is used for a model once it
 * gave WASM's class map on a real image; with `webgpu` at once, and WASM takes over where it fails.
 */
export class BackendRouter {
  constructor(
    private readonly wasm: Segmenter,
    private readonly gpu: Segmenter,
  ) {}

  async segment(job: SegmentJob, request: SegmentRequest): Promise<RoutedAnswer> {
    const { sha256 } = job.model;
    if (this.prefersGpu(sha256)) {
      try {
        return { answer: await this.gpu.segment(job, request), backend: 'webgpu' };
      } catch (error) {
        if (request.signal?.aborted) throw error;
        const { title, detail } = toProblem(error, { code: 'webgpu.failed' });
        useBackend.getState().setGpu(sha256, {
          status: 'failed',
          reason: detail === undefined ? title : `${title}. ${detail}`,
        });
      }
    }
    const answer = await this.wasm.segment(job, request);
    this.check(job, answer.classMap);
    return { answer, backend: 'wasm' };
  }

  keep(modelHashes: readonly string[]): void {
    this.wasm.keep(modelHashes);
    this.gpu.keep(modelHashes);
  }

  private prefersGpu(sha256: string): boolean {
    const { backend } = useSettings.getState().settings;
    const { adapter, gpu } = useBackend.getState();
    const state = gpu.get(sha256);
    if (backend === 'wasm' || !adapter?.found || state?.status === 'failed') return false;
    if (backend === 'webgpu') return true;
    return !adapter.software && state?.status === 'measured' && state.equal >= GPU_MUST_EQUAL;
  }

  /** Once per model: the same image on WebGPU, to see whether it says the same. */
  private check(job: SegmentJob, reference: ClassMap): void {
    const { sha256 } = job.model;
    const { adapter, gpu, setGpu } = useBackend.getState();
    const automatic = useSettings.getState().settings.backend === 'auto';
    if (!automatic || !adapter?.found || adapter.software || gpu.has(sha256)) return;
    setGpu(sha256, { status: 'checking' });
    this.gpu.segment(job, { priority: 9 }).then(
      ({ classMap }) => {
        setGpu(sha256, { status: 'measured', equal: equalShare(reference, classMap), on: job.image.name });
      },
      (error: unknown) => {
        const { title, detail } = toProblem(error, { code: 'webgpu.failed' });
        setGpu(sha256, { status: 'failed', reason: detail === undefined ? title : `${title}. ${detail}` });
      },
    );
  }
}

function equalShare(a: ClassMap, b: ClassMap): number {
  if (a.ids.length !== b.ids.length) return 0;
  let equal = 0;
  for (let index = 0; index < a.ids.length; index++) if (a.ids[index] === b.ids[index]) equal++;
  return equal / a.ids.length;
}
