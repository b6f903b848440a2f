import type { HistoryState, MaskOrigin } from '#core/ipc/schemas.ts';
import { encodePatch, type MaskPatch } from '#core/mask/patch.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { call } from './studio.ts';

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
}

export interface MaskQueueState {
  readonly busy: boolean;
  /** Why the first pending step could not be stored; everything behind it waits. */
  readonly problem: Problem | null;
  /** The step that has just been stored, else null. */
  readonly stored: (ImageOfProject & { readonly history: HistoryState }) | null;
}

/**
 * One after the other: steps in the order in which they were finished, and undo and redo between them. A step
 * that the main process refuses stays at the head, with those behind it, until `retry` or undo takes it.
 */
class MaskQueue {
  private readonly pending: PendingStep[] = [];
  private tail: Promise<unknown> = Promise.resolve();
  private problem: Problem | null = null;
  private listener: ((state: MaskQueueState) => void) | null = null;

  onChange(listener: (state: MaskQueueState) => void): void {
    this.listener = listener;
  }

  push(step: PendingStep): Promise<void> {
    this.pending.push(step);
    return this.drain();
  }

  /** Runs `task` after everything that was pushed before it was stored or refused. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    this.tail = result.catch(() => undefined);
    return result;
  }

  retry(): Promise<void> {
    this.problem = null;
    return this.drain();
  }

  /** Steps of an image that are not in the project file, oldest first. */
  unsavedOf(image: ImageOfProject): readonly PendingStep[] {
    return this.problem ? this.pending.filter((step) => isOf(step, image)) : [];
  }

  /** Takes the newest refused step of an image out of the queue, or null where all are stored. */
  takeBackUnsaved(image: ImageOfProject): PendingStep | null {
    if (!this.problem) return null;
    const index = this.pending.findLastIndex((step) => isOf(step, image));
    if (index < 0) return null;
    const [step] = this.pending.splice(index, 1);
    if (this.pending.length === 0) this.problem = null;
    this.tell();
    return step ?? null;
  }

  private drain(): Promise<void> {
    const drained = this.tail.then(async () => {
      for (let step = this.pending[0]; step && !this.problem; step = this.pending[0]) {
        let stored: MaskQueueState['stored'] = null;
        try {
          const { projectId, imageId, patch, label, origin } = step;
          const history = await call('mask.commit', {
            projectId,
            imageId,
            width: patch.width,
            height: patch.height,
            label,
            // fflate and typed arrays never hand out shared memory; the type only says that they could.
            patch: encodePatch(patch) as Uint8Array<ArrayBuffer>,
            origin,
          });
          this.pending.shift();
          stored = { projectId, imageId, history };
        } catch (error) {
          this.problem = toProblem(error, { code: 'mask.commit' });
        }
        this.tell(stored);
      }
    });
    this.tail = drained;
    this.tell();
    return drained;
  }

  private tell(stored: MaskQueueState['stored'] = null): void {
    this.listener?.({
      busy: this.pending.length > 0 && !this.problem,
      problem: this.pending.length > 0 ? this.problem : null,
      stored,
    });
  }
}

const isOf = (a: ImageOfProject, b: ImageOfProject) => a.projectId === b.projectId && a.imageId === b.imageId;

export const maskQueue = new MaskQueue();
