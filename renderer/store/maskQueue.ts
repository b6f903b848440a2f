import type { RequestOf } from '#core/ipc/contract.ts';
import type { HistoryState, MaskOrigin } from '#core/ipc/schemas.ts';
import { encodeRegion } from '#core/disputes/region.ts';
import { packPatch } from '#core/mask/packedPatch.ts';
import { encodePatch, type MaskPatch } from '#core/mask/patch.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { runMaskJob } from './maskWorkerClient.ts';
import { call, commitNow } from './studio.ts';
import type { PlacedVerdict } from './useVerdicts.ts';

/** Image ids are those of one project file. */
export interface ImageOfProject {
  readonly projectId: string;
  readonly imageId: number;
}

/** A finished step on its way to the project file. */
export interface PendingStep extends ImageOfProject {
  readonly patch: MaskPatch;
  readonly label: string;
  readonly origin: MaskOrigin | null;
  /** What it decides of a disputed region. */
  readonly verdict?: Omit<PlacedVerdict, 'seq'>;
  /** The patch encoded, where that was done already. */
  readonly encoded?: Uint8Array<ArrayBuffer>;
}

export interface MaskQueueState {
  /** Something is not yet safe from a power cut. */
  readonly busy: boolean;
  /** Why the first pending step could not be stored, everything behind it waits; or why the disk refused. */
  readonly problem: Problem | null;
  /** The step that has just been stored and has none behind it, else null. */
  readonly stored: (ImageOfProject & { readonly history: HistoryState }) | null;
}

interface QueuedStep {
  readonly step: PendingStep;
  /** The patch encoded; null until that is done, off the window's thread, for a large one. */
  bytes: Uint8Array<ArrayBuffer> | null;
}

/** More tiles than a long stroke touches: what is larger costs more than the window may wait. */
const LARGEST_STEP_NOW = 1024;

/**
 * The way of a finished step into the project file. The window waits for it, a few milliseconds, so that the step
 * survives a kill of every process before the next frame is drawn; then the disk is waited for, in the
 * background, so that it survives a power cut. Only then is it called saved.
 *
 * Where the window cannot wait (a step of more tiles than LARGEST_STEP_NOW, a main process that is changing other
 * masks or the project), the step is sent before the next frame and stored in its turn: one after the other, in the order in which they were finished, with undo and redo between them. A step
 * that the main process refuses stays at the head, with those behind it, until `retry` or undo takes it.
 */
class MaskQueue {
  private readonly pending: QueuedStep[] = [];
  private tail: Promise<unknown> = Promise.resolve();
  /** Tasks on `tail` that have not ended. */
  private running = 0;
  private problem: Problem | null = null;
  /** The project with steps that the disk may not have yet. */
  private unflushed: string | null = null;
  private flushing = false;
  private listener: ((state: MaskQueueState) => void) | null = null;

  onChange(listener: (state: MaskQueueState) => void): void {
    this.listener = listener;
  }

  push(step: PendingStep): Promise<void> {
    const isLarge = step.patch.tiles.length > LARGEST_STEP_NOW;
    // fflate and typed arrays never hand out shared memory; the type only says that they could.
    const encodeHere = () => (isLarge ? null : (encodePatch(step.patch) as Uint8Array<ArrayBuffer>));
    const queued = { step, bytes: step.encoded ?? encodeHere() };
    this.pending.push(queued);
    if (this.pending.length === 1 && this.running === 0 && !this.problem && this.storeNow(queued)) {
      return this.flush();
    }
    return this.drain();
  }

  /** Runs `task` after everything that was pushed before it was stored or refused. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.running++;
    const result = this.tail.then(task).finally(() => this.running--);
    this.tail = result.catch(() => undefined);
    return result;
  }

  async retry(): Promise<void> {
    this.problem = null;
    await this.drain();
    await this.flush();
  }

  /** Steps of an image that are not in the project file, oldest first. */
  unsavedOf(image: ImageOfProject): readonly PendingStep[] {
    return this.problem ? this.pending.map(({ step }) => step).filter((step) => isOf(step, image)) : [];
  }

  /** Takes the newest refused step of an image out of the queue, or null where all are stored. */
  takeBackUnsaved(image: ImageOfProject): PendingStep | null {
    if (!this.problem) return null;
    const index = this.pending.findLastIndex(({ step }) => isOf(step, image));
    if (index < 0) return null;
    const [queued] = this.pending.splice(index, 1);
    if (this.pending.length === 0) this.problem = null;
    this.tell();
    return queued?.step ?? null;
  }

  /** Stores the only pending step while the window waits; false where it has to be sent. */
  private storeNow({ step, bytes }: QueuedStep): boolean {
    if (!bytes || step.patch.tiles.length > LARGEST_STEP_NOW) return false;
    let history: HistoryState | null;
    try {
      history = commitNow(requestOf(step, bytes));
    } catch (error) {
      this.problem = toProblem(error, { code: 'mask.commit' });
      this.tell();
      return true;
    }
    if (!history) return false;
    this.pending.shift();
    this.unflushed = step.projectId;
    this.tell({ projectId: step.projectId, imageId: step.imageId, history });
    return true;
  }

  private drain(): Promise<void> {
    const drained = this.run(async () => {
      for (let next = this.pending[0]; next && !this.problem; next = this.pending[0]) {
        let stored: MaskQueueState['stored'] = null;
        try {
          next.bytes ??= await encodedElsewhere(next.step.patch);
          const history = await call('mask.commit', requestOf(next.step, next.bytes));
          this.pending.shift();
          const { projectId, imageId } = next.step;
          stored = { projectId, imageId, history };
        } catch (error) {
          this.problem = toProblem(error, { code: 'mask.commit' });
        }
        this.tell(stored);
      }
    });
    this.tell();
    return drained;
  }

  /** Until the disk has everything that was stored at once. */
  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    while (this.unflushed !== null && !this.problem) {
      const projectId = this.unflushed;
      this.unflushed = null;
      try {
        await call('mask.flush', { projectId });
      } catch (error) {
        const problem = toProblem(error, { code: 'mask.flush' });
        // A project that was closed was put on the disk as a whole.
        if (problem.code === 'project.changed') continue;
        this.unflushed = projectId;
        this.problem = problem;
      }
    }
    this.flushing = false;
    this.tell();
  }

  private tell(stored: MaskQueueState['stored'] = null): void {
    const unsafe = this.pending.length > 0 || this.unflushed !== null;
    this.listener?.({
      busy: (unsafe || this.flushing) && !this.problem,
      problem: unsafe ? this.problem : null,
      stored: this.pending.length === 0 ? stored : null,
    });
  }
}

function requestOf(step: PendingStep, bytes: Uint8Array<ArrayBuffer>): RequestOf<'mask.commit'> {
  const { projectId, imageId, patch, label, origin } = step;
  const { width, height } = patch;
  const verdict = step.verdict && { ...step.verdict.verdict, region: encodeRegion(step.verdict.region) };
  return { projectId, imageId, width, height, label, patch: bytes, origin, verdict };
}

async function encodedElsewhere(patch: MaskPatch): Promise<Uint8Array<ArrayBuffer>> {
  return (await runMaskJob('encode', packPatch(patch))) as Uint8Array<ArrayBuffer>;
}

const isOf = (a: ImageOfProject, b: ImageOfProject) => a.projectId === b.projectId && a.imageId === b.imageId;

export const maskQueue = new MaskQueue();
