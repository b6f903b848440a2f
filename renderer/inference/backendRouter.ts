import type { ClassMap } from '#core/mask/classMap.ts';
import { ProblemError, toProblem } from '#core/problem.ts';
import { GPU_MUST_EQUAL, useBackend, type GpuState } from '../store/useBackend.ts';
import type { RunBackend } from '../store/useResults.ts';
import { useSettings } from '../store/useSettings.ts';
import { equalShare } from './equalShare.ts';
import type { InferenceClient, SegmentRequest } from './inferenceClient.ts';
import type { SegmentAnswer, SegmentJob } from './protocol.ts';

export interface RoutedAnswer {
  readonly answer: SegmentAnswer;
  readonly backend: RunBackend;
}

/** What the router needs of a client. */
export type Segmenter = Pick<InferenceClient, 'segment' | 'keep' | 'stop'>;

/**
 * Sends each job to WASM or WebGPU. WASM is the reference: WebGPU is used for a model once it gave WASM's class map
 * on a real image with this driver, and WASM takes over where it fails. With `auto`, drivers that compute on the
 * processor are left alone.
 */
export class BackendRouter {
  constructor(
    private readonly wasm: Segmenter,
    private readonly gpu: Segmenter,
  ) {}

  async segment(job: SegmentJob, request: SegmentRequest): Promise<RoutedAnswer> {
    const { sha256 } = job.model;
    const state = this.mayUseGpu() ? this.knownOf(sha256) : undefined;
    if (state?.status === 'measured' && state.equal >= GPU_MUST_EQUAL) {
      try {
        return { answer: await this.gpu.segment(job, request), backend: 'webgpu' };
      } catch (error) {
        if (request.signal?.aborted || isStop(error)) throw error;
        useBackend.getState().setGpu(sha256, failedState(error));
      }
    }
    const answer = await this.wasm.segment(job, request);
    if (this.mayUseGpu() && this.knownOf(sha256) === undefined) this.check(job, answer.classMap);
    return { answer, backend: 'wasm' };
  }

  /** Releases all sessions but these. */
  keep(sessions: readonly string[]): void {
    this.wasm.keep(sessions);
    this.gpu.keep(sessions);
  }

  /** Ends the run of a model, wherever it runs. */
  stop(modelSha256: string): void {
    this.wasm.stop(modelSha256);
    this.gpu.stop(modelSha256);
  }

  private mayUseGpu(): boolean {
    const { backend } = useSettings.getState().settings;
    const { adapter } = useBackend.getState();
    return backend !== 'wasm' && adapter?.found === true && (backend === 'webgpu' || !adapter.software);
  }

  /** What is known of a model on this driver, from this start or an earlier one. */
  private knownOf(sha256: string): GpuState | undefined {
    const { gpu, adapter, setGpu } = useBackend.getState();
    const known = gpu.get(sha256);
    const stored = useSettings.getState().settings.gpuParity[parityKey(sha256, adapter?.name ?? '')];
    if (known || !stored) return known;
    const state: GpuState = { status: 'measured', ...stored };
    setGpu(sha256, state);
    return state;
  }

  /** Once per model and driver: the same image on WebGPU, to see whether it says the same. */
  private check(job: SegmentJob, reference: ClassMap): void {
    const { sha256 } = job.model;
    const { adapter, setGpu } = useBackend.getState();
    setGpu(sha256, { status: 'checking' });
    // The class map goes to the window's stores, which never write to it.
    this.gpu.segment(job, { priority: 9 }).then(
      ({ classMap }) => {
        const measured = { equal: equalShare(reference, classMap), on: job.image.name };
        setGpu(sha256, { status: 'measured', ...measured });
        const { settings, change } = useSettings.getState();
        const key = parityKey(sha256, adapter?.name ?? '');
        change({ gpuParity: { ...settings.gpuParity, [key]: measured } });
      },
      (error: unknown) => setGpu(sha256, failedState(error)),
    );
  }
}

/** The user ended it: WASM is not to take over. */
const isStop = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.code === 'inference.stopped';

const parityKey = (sha256: string, adapter: string): string => `${sha256} ${adapter}`;

function failedState(error: unknown): GpuState {
  const { title, detail } = toProblem(error, { code: 'webgpu.failed' });
  return { status: 'failed', reason: detail === undefined ? title : `${title}. ${detail}` };
}
