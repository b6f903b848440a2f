import { create } from 'zustand';
import type { PixelRect } from '#core/geometry.ts';
import type { HistoryState, MaskOrigin, MovedStep, StartKind } from '#core/ipc/schemas.ts';
import { classId, largestId, type ClassId } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import { unpackPatch } from '#core/mask/packedPatch.ts';
import { decodePatch, tilesOfEncoded, type MaskPatch } from '#core/mask/patch.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { copyIds } from './copyIds.ts';
import { maskQueue, type PendingStep } from './maskQueue.ts';
import { runMaskJob, warmMaskWorker } from './maskWorkerClient.ts';
import { startIds } from './startIds.ts';
import { call } from './studio.ts';
import { currentImage, useProject } from './useProject.ts';
import { useToasts } from './useToasts.ts';
import { useVerdicts, type PlacedVerdict } from './useVerdicts.ts';

export type MaskStatus =
  /** No image is open for editing. */
  | 'closed'
  | 'loading'
  /** The image has no mask yet: `startFrom` makes one. */
  | 'unstarted'
  | 'ready'
  | 'failed';

/** `unsaved`: the main process refused a step; `problem` says why, `retry` tries again. Nothing is lost. */
export type MaskSaving = 'saved' | 'saving' | 'unsaved';

interface MaskState {
  /** Of the project that the image is of. */
  readonly projectId: string | null;
  readonly imageId: number | null;
  readonly status: MaskStatus;
  readonly problem: Problem | null;
  /** The mask's pixels; null before it is started, another object after a new start. Changes are told by `onMaskDirty`. */
  readonly raster: MaskRaster | null;
  readonly origin: MaskOrigin | null;
  readonly history: HistoryState;
  readonly activeClass: ClassId;
  readonly saving: MaskSaving;
  /** An undo or redo is on its way: begin no step now. */
  readonly moving: boolean;
  /** Opens the mask of an image as it was left. Nothing happens where it is open already. */
  readonly openMask: (imageId: number) => Promise<void>;
  /** Fills the whole mask, as one step that undo takes back. */
  readonly startFrom: (kind: StartKind) => Promise<void>;
  readonly setActiveClass: (id: ClassId) => void;
  /** Tells the stages what the open step has written so far; cheap, for every pointer event. */
  readonly painted: () => void;
  /**
   * Closes the open step and stores it. false where it changed no pixel; one with a verdict is a step all the same,
   * and its verdict is undone and redone with it.
   */
  readonly commit: (label: string, verdict?: Omit<PlacedVerdict, 'seq'>) => boolean;
  /** Closes the open step and puts every pixel back. */
  readonly cancel: () => void;
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  /** Stores what could not be stored before. */
  readonly retry: () => Promise<void>;
  readonly close: () => void;
}

const NO_HISTORY: HistoryState = { cursor: 0, length: 0, undoLabel: null, redoLabel: null };

type DirtyListener = (rect: PixelRect) => void;
const dirtyListeners = new Set<DirtyListener>();

/** Calls back with each rectangle of the open mask that changed; returns the function that stops it. */
export function onMaskDirty(listener: DirtyListener): () => void {
  dirtyListeners.add(listener);
  return () => dirtyListeners.delete(listener);
}

function tellDirty(rect: PixelRect | null): void {
  if (rect) for (const listener of dirtyListeners) listener(rect);
}

export const useMask = create<MaskState>()((set, get) => {
  /** `maxId`: the largest that fits the ids' width. */
  const idRange = (): { ignoreId: ClassId; maxId: number } => {
    const table = useProject.getState().project?.classTable;
    const ignoreId = table?.ignoreId ?? classId(255);
    const largest = Math.max(table ? largestId(table) : 0, ignoreId);
    return { ignoreId, maxId: largest > 255 ? 65535 : 255 };
  };
  const rasterFor = (width: number, height: number, ids?: ClassIds): MaskRaster =>
    new MaskRaster({ width, height, ids, ...idRange() });

  const enqueue = (
    patch: MaskPatch,
    label: string,
    more: Pick<PendingStep, 'origin' | 'verdict' | 'encoded'>,
  ): void => {
    const { projectId, imageId, history } = get();
    if (projectId === null || imageId === null) return;
    // What the next undo says is known before the answer: the interface does not wait for the disk.
    set({
      saving: get().saving === 'unsaved' ? 'unsaved' : 'saving',
      history: {
        cursor: history.cursor + 1,
        length: history.cursor + 1,
        undoLabel: label,
        redoLabel: null,
      },
    });
    useProject.getState().changeImage(imageId, { hasMask: true });
    useVerdicts
      .getState()
      .stepped({ imageId, seq: history.cursor + 1, starts: more.origin !== null, verdict: more.verdict });
    void maskQueue.push({ projectId, imageId, patch, label, ...more });
  };

  maskQueue.onChange((state) => {
    set({
      saving: state.problem ? 'unsaved' : state.busy ? 'saving' : 'saved',
      problem: state.problem ?? (get().status === 'failed' ? get().problem : null),
    });
    const { stored } = state;
    const { projectId, imageId } = get();
    if (stored?.projectId === projectId && stored.imageId === imageId) set({ history: stored.history });
  });

  const move = async (direction: 'undo' | 'redo'): Promise<void> => {
    const { projectId, imageId, raster, moving } = get();
    if (projectId === null || imageId === null || !raster || moving) return;
    const image = { projectId, imageId };
    if (raster.inStep) get().cancel();
    set({ moving: true });
    try {
      if (direction === 'redo' && maskQueue.unsavedOf(image).length > 0) return;
      const unsaved: PendingStep | null = direction === 'undo' ? maskQueue.takeBackUnsaved(image) : null;
      if (unsaved) {
        tellDirty(raster.apply(unsaved.patch, 'undo'));
        const { history } = get();
        set({
          history: { ...history, cursor: history.cursor - 1, length: history.cursor - 1, undoLabel: null },
        });
        useVerdicts.getState().movedTo(imageId, history.cursor - 1);
        return;
      }
      const moved = await maskQueue.run(() => call(direction === 'undo' ? 'mask.undo' : 'mask.redo', image));
      if (moved?.group) takeGroup(projectId, moved.group);
      if (moved) useVerdicts.getState().movedTo(imageId, moved.history.cursor);
      if (!moved || get().raster !== raster) return;
      const patch = await decoded(moved.patch);
      if (get().raster !== raster) return;
      tellDirty(raster.apply(patch, direction));
      set({
        history: moved.history,
        origin: moved.origin,
        status: moved.history.cursor === 0 ? 'unstarted' : 'ready',
      });
      useProject.getState().changeImage(imageId, { hasMask: moved.history.cursor > 0 });
    } catch (error) {
      useToasts.getState().showProblem(toProblem(error, { code: `mask.${direction}` }));
    } finally {
      set({ moving: false });
    }
  };

  return {
    projectId: null,
    imageId: null,
    status: 'closed',
    problem: null,
    raster: null,
    origin: null,
    history: NO_HISTORY,
    activeClass: classId(0),
    saving: 'saved',
    moving: false,

    async openMask(imageId) {
      if (get().imageId === imageId && get().status !== 'failed') return;
      const { project } = useProject.getState();
      const image = project?.images.find((entry) => entry.id === imageId);
      if (!project || !image) return;
      const projectId = project.id;
      const isCurrent = () => get().projectId === projectId && get().imageId === imageId;
      set({
        projectId,
        imageId,
        status: 'loading',
        problem: null,
        raster: null,
        origin: null,
        history: NO_HISTORY,
      });
      try {
        const open = await maskQueue.run(() => call('mask.open', { projectId, imageId }));
        if (!isCurrent()) return;
        const unsaved = maskQueue.unsavedOf({ projectId, imageId });
        let raster: MaskRaster | null = null;
        if (open) raster = rasterFor(open.width, open.height, open.ids);
        else if (unsaved.length > 0) raster = rasterFor(image.width, image.height);
        else warmMaskWorker();
        for (const step of unsaved) raster?.apply(step.patch, 'redo');
        const started = (open?.history.cursor ?? 0) > 0 || unsaved.length > 0;
        useVerdicts.getState().movedTo(imageId, (open?.history.cursor ?? 0) + unsaved.length);
        set({
          raster,
          status: started ? 'ready' : 'unstarted',
          origin: open?.origin ?? null,
          history: open?.history ?? NO_HISTORY,
        });
      } catch (error) {
        if (!isCurrent()) return;
        set({ status: 'failed', problem: toProblem(error, { code: 'mask.open', subject: image.name }) });
      }
    },

    async startFrom(kind) {
      const image = currentImage();
      if (!image) return;
      assertEditable();
      await get().openMask(image.id);
      const { raster, imageId, status: opened } = get();
      if (imageId !== image.id || (opened !== 'unstarted' && opened !== 'ready')) return;
      const { width, height } = raster ?? image;
      const { source, translation, origin } = await startIds(image, kind, width * height);
      if (get().imageId !== image.id || get().raster !== raster || get().moving) return;
      if (raster?.inStep) get().cancel();
      // Nothing is painted while the step is made: it would be lost under the mask that comes.
      set({ moving: true });
      try {
        const before = raster && get().status === 'ready' ? await copyIds(raster.ids) : null;
        const { ids, change } = await runMaskJob('start', {
          ...{ width, height, before, source, translation, ...idRange() },
        });
        if (get().imageId !== image.id || get().raster !== raster) return;
        if (!change && get().status === 'ready') return;
        set({ status: 'ready', origin, raster: rasterFor(width, height, ids) });
        // A mask that starts empty changes no pixel, but it is a step: the project remembers that it was started.
        const step: MaskPatch = change
          ? unpackPatch(change.patch)
          : { width, height, bytesPerId: 1, tiles: [] };
        const name = kind === 'truth' ? 'ground truth' : kind;
        enqueue(step, `Start from ${name}`, {
          origin,
          encoded: change?.bytes as Uint8Array<ArrayBuffer> | undefined,
        });
      } finally {
        set({ moving: false });
      }
    },

    setActiveClass: (activeClass) => set({ activeClass }),

    painted() {
      tellDirty(get().raster?.takeDirty() ?? null);
    },

    commit(label, verdict) {
      const { raster } = get();
      if (!raster?.inStep) return false;
      tellDirty(raster.takeDirty());
      const patch = raster.endStep();
      if (!patch && !verdict) return false;
      enqueue(patch ?? emptyPatch(raster), label, { origin: null, verdict });
      return true;
    },

    cancel() {
      const { raster } = get();
      if (raster?.inStep) tellDirty(raster.cancelStep());
    },

    undo: () => move('undo'),
    redo: () => move('redo'),
    retry: () => maskQueue.retry(),
    close() {
      get().cancel();
      set({
        projectId: null,
        imageId: null,
        status: 'closed',
        problem: null,
        raster: null,
        origin: null,
        history: NO_HISTORY,
      });
    },
  };
});

/** More tiles than a frame has time to unpack. */
const LARGEST_PATCH_HERE = 1024;

async function decoded(bytes: MovedStep['patch']): Promise<MaskPatch> {
  if (tilesOfEncoded(bytes) <= LARGEST_PATCH_HERE) return decodePatch(bytes);
  return unpackPatch(await runMaskJob('decode', bytes));
}

const emptyPatch = ({ width, height }: MaskRaster): MaskPatch => ({
  width,
  height,
  bytesPerId: 1,
  tiles: [],
});

function assertEditable(): void {
  const { project } = useProject.getState();
  if (!project?.readOnly) return;
  throw new ProblemError({
    code: 'project.readOnly',
    title: 'open read-only, so that no mask can be started',
    subject: project.name,
    hint: 'Open it for editing first',
  });
}

/** A step over several masks was undone or redone: what the window shows of the others. */
function takeGroup(projectId: string, { masks, classTable }: NonNullable<MovedStep['group']>): void {
  const { project } = useProject.getState();
  if (project?.id !== projectId) return;
  const hasMask = new Map(masks.map((mask) => [mask.imageId, mask.hasMask]));
  const images = project.images.map((image) => ({
    ...image,
    hasMask: hasMask.get(image.id) ?? image.hasMask,
  }));
  useProject.setState({ project: { ...project, images, classTable: classTable ?? project.classTable } });
}

/** Whether a tool may begin a step now. */
export function isPaintable(
  state: Pick<MaskState, 'status' | 'moving' | 'raster'> = useMask.getState(),
): boolean {
  if (useProject.getState().project?.readOnly) return false;
  return state.status === 'ready' && !state.moving && state.raster !== null && !state.raster.inStep;
}
