import type { StudioApi } from '#core/ipc/api.ts';
import type { RequestOf } from '#core/ipc/contract.ts';
import type { Outcome } from '#core/ipc/outcome.ts';
import type { HistoryState, ImageEntry, MaskOrigin, ProjectSummary } from '#core/ipc/schemas.ts';
import { createClassTable, type ClassTable } from '#core/labels/classTable.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import { decodePatch } from '#core/mask/patch.ts';
import type { Problem } from '#core/problem.ts';

interface Step {
  readonly label: string;
  readonly patch: Uint8Array<ArrayBuffer>;
  readonly origin: MaskOrigin | null;
}

const OTHER_PROJECT: Problem = {
  code: 'project.changed',
  severity: 'error',
  title: 'another folder was opened meanwhile',
};

/** A main process with its project in memory, for tests of the stores: real patches, real history. */
export class MemoryMain implements StudioApi {
  readonly steps = new Map<number, Step[]>();
  readonly cursors = new Map<number, number>();
  /** The methods that were called, in order. */
  readonly called: string[] = [];
  /** What the next calls of a method are refused with. */
  readonly refusals = new Map<string, Problem>();
  readonly project: ProjectSummary;

  constructor(images = 2, table: ClassTable = createClassTable(['Sky', 'Road', 'Car']), id = 'p') {
    this.project = {
      id,
      name: 'street',
      folder: '/street',
      projectFile: '/street.dynaseg',
      truthFolder: null,
      classTable: table,
      images: Array.from({ length: images }, (_, index) => entry(index + 1)),
      problems: [],
      readOnly: false,
    };
  }

  async call(method: string, request: unknown): Promise<never> {
    this.called.push(method);
    await Promise.resolve();
    const { projectId } = request as { projectId?: string };
    const foreign = projectId !== undefined && projectId !== this.project.id;
    const problem = foreign ? OTHER_PROJECT : this.refusals.get(method);
    const outcome = problem ? { ok: false, problem } : { ok: true, value: this.answer(method, request) };
    return outcome as never;
  }

  /** Whether it answers `commitNow`, or has to wait itself. */
  answersNow = false;

  commitNow(request: RequestOf<'mask.commit'>): Outcome<HistoryState> | null {
    if (!this.answersNow) return null;
    this.called.push('commitNow');
    const problem = request.projectId === this.project.id ? this.refusals.get('commitNow') : OTHER_PROJECT;
    if (problem) return { ok: false, problem };
    return { ok: true, value: this.answer('mask.commit', request) as HistoryState };
  }

  on(): () => void {
    return () => undefined;
  }

  pathForFile(): string {
    return '';
  }

  /** The mask of an image as it is stored. */
  stored(imageId: number): number[] {
    return [...this.replay(imageId).ids];
  }

  private replay(imageId: number): MaskRaster {
    const raster = new MaskRaster({ width: 2, height: 2, ignoreId: this.project.classTable.ignoreId });
    const steps = this.steps.get(imageId) ?? [];
    for (const step of steps.slice(0, this.cursors.get(imageId) ?? 0)) {
      raster.apply(decodePatch(step.patch), 'redo');
    }
    return raster;
  }

  private answer(method: string, request: unknown): unknown {
    const { imageId } = request as { imageId: number };
    const steps = this.steps.get(imageId) ?? [];
    const cursor = this.cursors.get(imageId) ?? 0;
    switch (method) {
      case 'mask.open':
        if (steps.length === 0) return null;
        return {
          width: 2,
          height: 2,
          ids: this.replay(imageId).ids,
          origin: steps[0]?.origin ?? null,
          history: this.history(imageId),
        };
      case 'mask.commit':
        this.steps.set(imageId, [...steps.slice(0, cursor), request as Step]);
        this.cursors.set(imageId, cursor + 1);
        return this.history(imageId);
      case 'mask.undo':
        return this.move(imageId, steps[cursor - 1], cursor - 1);
      case 'mask.redo':
        return this.move(imageId, steps[cursor], cursor + 1);
      default:
        return null;
    }
  }

  private move(imageId: number, step: Step | undefined, cursor: number): unknown {
    if (!step) return null;
    this.cursors.set(imageId, cursor);
    const { patch, label, origin } = step;
    return { patch, label, history: this.history(imageId), origin, group: null };
  }

  private history(imageId: number): unknown {
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

const entry = (id: number): ImageEntry => ({
  id,
  name: `${id}.png`,
  width: 2,
  height: 2,
  bytes: 1,
  url: `studio://app/image/p/${id}`,
  hasTruth: false,
  hasMask: false,
  problem: null,
});
