import type { StudioApi } from '#core/ipc/api.ts';
import type { Method, RequestOf, ResponseOf } from '#core/ipc/contract.ts';
import type { Outcome } from '#core/ipc/outcome.ts';
import type { HistoryState } from '#core/ipc/schemas.ts';
import type { Problem } from '#core/problem.ts';

interface StoredStep {
  readonly label: string;
  readonly patch: Uint8Array;
}

/** A main process that keeps steps in memory: enough of one for the mask's calls. */
export class MemoryStudio implements StudioApi {
  /** Steps by image, as `mask.commit` brought them. */
  readonly steps = new Map<number, StoredStep[]>();
  readonly cursors = new Map<number, number>();
  /** Answered to every commit until it is null again: a full disk. */
  refusal: Problem | null = null;

  labels(imageId: number): string[] {
    return (this.steps.get(imageId) ?? []).map((step) => step.label);
  }

  call<M extends Method>(method: M, request: RequestOf<M>): Promise<Outcome<ResponseOf<M>>> {
    const answer = this.#answer(method, request);
    return Promise.resolve(answer as Outcome<ResponseOf<M>>);
  }

  /** As a main process that is busy. */
  commitNow(): null {
    return null;
  }

  on(): () => void {
    return () => undefined;
  }

  pathForFile(): string {
    return '';
  }

  #answer(method: Method, request: Record<string, unknown>): Outcome<unknown> {
    const imageId = Number(request.imageId);
    switch (method) {
      case 'mask.open':
        return { ok: true, value: null };
      case 'mask.commit': {
        if (this.refusal) return { ok: false, problem: this.refusal };
        const steps = (this.steps.get(imageId) ?? []).slice(0, this.cursors.get(imageId) ?? 0);
        steps.push({ label: String(request.label), patch: request.patch as Uint8Array });
        this.steps.set(imageId, steps);
        this.cursors.set(imageId, steps.length);
        return { ok: true, value: this.#history(imageId) };
      }
      case 'mask.undo':
        return { ok: true, value: this.#move(imageId, -1) };
      case 'mask.redo':
        return { ok: true, value: this.#move(imageId, 1) };
      default:
        return { ok: true, value: null };
    }
  }

  #move(imageId: number, direction: 1 | -1) {
    const cursor = this.cursors.get(imageId) ?? 0;
    const step = this.steps.get(imageId)?.[direction < 0 ? cursor - 1 : cursor];
    if (!step) return null;
    this.cursors.set(imageId, cursor + direction);
    return { ...step, history: this.#history(imageId), origin: null };
  }

  #history(imageId: number): HistoryState {
    const steps = this.steps.get(imageId) ?? [];
    const cursor = this.cursors.get(imageId) ?? 0;
    return {
      cursor,
      length: steps.length,
      undoLabel: steps[cursor - 1]?.label ?? null,
      redoLabel: steps[cursor]?.label ?? null,
    };
  }
}
