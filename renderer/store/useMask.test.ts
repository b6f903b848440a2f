import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PixelRect } from '#core/geometry.ts';
import { classId } from '#core/labels/classTable.ts';
import type { Problem } from '#core/problem.ts';
import { setStudio } from './studio.ts';
import { MemoryMain } from './testing/memoryMain.ts';
import { isPaintable, onMaskDirty, useMask } from './useMask.ts';
import { useProject } from './useProject.ts';
import { useToasts } from './useToasts.ts';

const ROAD = classId(1);
const CAR = classId(2);
const FULL: Problem = {
  code: 'project.diskFull',
  severity: 'error',
  title: 'there is no space left',
  subject: 'street.dynaseg',
};

let main = new MemoryMain();
const mask = () => useMask.getState();
const pixels = (): number[] => [...(mask().raster?.ids ?? [])];

/** One stroke over a pixel. */
function paint(x: number, y: number, id = ROAD): void {
  const { raster } = mask();
  raster?.beginStep();
  raster?.setPixel(x, y, id);
  mask().painted();
  mask().commit('Brush Road');
}

/** Until everything that is on its way has arrived. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

beforeEach(async () => {
  mask().close();
  // What the test before left unsaved goes to its own project, not into this one.
  main.refusals.clear();
  await mask().retry();
  main = new MemoryMain();
  setStudio(main);
  useProject.getState().setProject(main.project);
  useProject.getState().selectImage(1);
  useToasts.setState({ toasts: [] });
});

describe('the open mask', () => {
  it('starts empty as a step of its own, which the project remembers', async () => {
    await mask().openMask(1);
    expect(mask().status).toBe('unstarted');
    expect(isPaintable()).toBe(false);
    await mask().startFrom('empty');
    await settled();
    expect(mask()).toMatchObject({ status: 'ready', saving: 'saved', history: { cursor: 1, length: 1 } });
    expect(mask().origin).toEqual({ kind: 'empty', modelId: null, modelSha256: null });
    mask().close();
    await mask().openMask(1);
    expect(mask().status).toBe('ready');
    expect(pixels()).toEqual([255, 255, 255, 255]);
  });

  it('stores strokes in order and says so only when they are stored', async () => {
    await mask().startFrom('empty');
    paint(0, 0);
    paint(1, 1, CAR);
    expect(mask()).toMatchObject({ saving: 'saving', history: { cursor: 3, undoLabel: 'Brush Road' } });
    await settled();
    expect(mask().saving).toBe('saved');
    expect(main.stored(1)).toEqual([1, 255, 255, 2]);
    expect(useProject.getState().project?.images[0]?.hasMask).toBe(true);
  });

  it('tells what changed, and nothing of a stroke that changed nothing', async () => {
    await mask().startFrom('empty');
    const dirty: PixelRect[] = [];
    const stop = onMaskDirty((rect) => dirty.push(rect));
    paint(1, 0);
    paint(1, 0);
    stop();
    await settled();
    expect(dirty[0]).toEqual({ x: 1, y: 0, width: 1, height: 1 });
    expect(main.called.filter((method) => method === 'mask.commit')).toHaveLength(2);
  });

  it('undoes and redoes what was stored, to before the mask was started', async () => {
    await mask().startFrom('empty');
    paint(0, 0);
    await mask().undo();
    expect(pixels()).toEqual([255, 255, 255, 255]);
    expect(mask().history).toMatchObject({ cursor: 1, redoLabel: 'Brush Road' });
    await mask().redo();
    expect(pixels()).toEqual([1, 255, 255, 255]);
    await mask().undo();
    await mask().undo();
    expect(mask().status).toBe('unstarted');
    expect(useProject.getState().project?.images[0]?.hasMask).toBe(false);
    await mask().undo();
    expect(mask().history.cursor).toBe(0);
  });

  it('puts back an open stroke when it is cancelled', async () => {
    await mask().startFrom('empty');
    mask().raster?.beginStep();
    mask().raster?.setPixel(0, 0, ROAD);
    expect(isPaintable()).toBe(false);
    mask().cancel();
    expect(pixels()).toEqual([255, 255, 255, 255]);
    expect(isPaintable()).toBe(true);
  });

  it('keeps each image its own mask', async () => {
    await mask().startFrom('empty');
    paint(0, 0);
    await mask().openMask(2);
    expect(mask().status).toBe('unstarted');
    await mask().openMask(1);
    expect(pixels()).toEqual([1, 255, 255, 255]);
  });
});

describe('a main process that answers at once', () => {
  beforeEach(async () => {
    await mask().startFrom('empty');
    await settled();
    main.answersNow = true;
  });

  it('has a stroke before anything else happens, and calls it saved when it is on the disk', async () => {
    paint(0, 0);
    expect(main.stored(1)).toEqual([1, 255, 255, 255]);
    expect(mask()).toMatchObject({ saving: 'saving', history: { cursor: 2, length: 2 } });
    await settled();
    expect(mask().saving).toBe('saved');
    expect(main.called.slice(-2)).toEqual(['commitNow', 'mask.flush']);
  });

  it('is waited for, however long it took for the stroke before', () => {
    const clock = vi.spyOn(performance, 'now');
    for (const at of [0, 60_000, 60_001, 60_002]) clock.mockReturnValueOnce(at);
    paint(0, 0);
    paint(1, 0);
    clock.mockRestore();
    expect(main.stored(1)).toEqual([1, 1, 255, 255]);
  });

  it('is not asked while an earlier change is on its way: the order stays', async () => {
    const undone = mask().undo();
    const { raster } = mask();
    raster?.beginStep();
    raster?.setPixel(1, 1, CAR);
    mask().commit('Brush Car');
    expect(main.called).not.toContain('commitNow');
    await undone;
    await settled();
    expect(main.called.slice(-2)).toEqual(['mask.undo', 'mask.commit']);
  });

  it('that refuses a stroke keeps it in the window, and what comes after it behind it', async () => {
    main.refusals.set('commitNow', FULL);
    main.refusals.set('mask.commit', FULL);
    paint(0, 0);
    paint(1, 0, CAR);
    await settled();
    expect(mask()).toMatchObject({ saving: 'unsaved', problem: FULL });
    expect(pixels()).toEqual([1, 2, 255, 255]);
    main.refusals.clear();
    await mask().retry();
    await settled();
    expect(main.stored(1)).toEqual([1, 2, 255, 255]);
    expect(mask().saving).toBe('saved');
  });

  it('with a disk that cannot keep it says so, and tries again', async () => {
    main.refusals.set('mask.flush', { ...FULL, title: 'not safe from a power cut' });
    paint(0, 0);
    await settled();
    expect(mask()).toMatchObject({ saving: 'unsaved', problem: { title: 'not safe from a power cut' } });
    expect(main.stored(1)).toEqual([1, 255, 255, 255]);
    main.refusals.clear();
    await mask().retry();
    expect(mask()).toMatchObject({ saving: 'saved', problem: null });
  });
});

describe('a project that is read-only', () => {
  it('takes no stroke, and says why a mask cannot be started', async () => {
    await mask().startFrom('empty');
    await settled();
    useProject.setState({ project: { ...main.project, readOnly: true } });
    expect(isPaintable()).toBe(false);
    await mask().openMask(2);
    await expect(mask().startFrom('empty')).rejects.toThrow(
      'street: open read-only, so that no mask can be started. Open it for editing first',
    );
  });
});

describe('a project file that refuses', () => {
  it('keeps what it refused, shows why, and stores it in order when it can', async () => {
    await mask().startFrom('empty');
    await settled();
    main.refusals.set('mask.commit', FULL);
    paint(0, 0);
    paint(1, 0, CAR);
    await settled();
    expect(mask()).toMatchObject({ saving: 'unsaved', problem: FULL });
    expect(main.stored(1)).toEqual([255, 255, 255, 255]);
    expect(pixels()).toEqual([1, 2, 255, 255]);
    main.refusals.clear();
    await mask().retry();
    await settled();
    expect(mask()).toMatchObject({ saving: 'saved', problem: null, history: { cursor: 3 } });
    expect(main.stored(1)).toEqual([1, 2, 255, 255]);
  });

  it('lets undo take back what was never stored', async () => {
    await mask().startFrom('empty');
    await settled();
    main.refusals.set('mask.commit', FULL);
    paint(0, 0);
    await settled();
    await mask().undo();
    expect(pixels()).toEqual([255, 255, 255, 255]);
    expect(mask()).toMatchObject({ saving: 'saved', history: { cursor: 1 } });
    expect(main.called).not.toContain('mask.undo');
  });

  it('shows unsaved strokes again when the image is opened again', async () => {
    await mask().startFrom('empty');
    await settled();
    main.refusals.set('mask.commit', FULL);
    paint(1, 1);
    await settled();
    await mask().openMask(2);
    await mask().openMask(1);
    expect(pixels()).toEqual([255, 255, 255, 1]);
    expect(mask().saving).toBe('unsaved');
  });

  it('says what stopped an undo and stays as it was', async () => {
    await mask().startFrom('empty');
    paint(0, 0);
    await settled();
    main.refusals.set('mask.undo', { ...FULL, title: 'the project is read-only' });
    await mask().undo();
    expect(pixels()).toEqual([1, 255, 255, 255]);
    expect(useToasts.getState().toasts[0]?.title).toBe('street.dynaseg: the project is read-only');
  });
});

describe('starting from a model', () => {
  it('is refused as long as the model has not finished, and names the image', async () => {
    await expect(mask().startFrom('teacher')).rejects.toThrow(
      '1.png: the teacher has not finished this image yet. Wait for its class map, then start again',
    );
    await expect(mask().startFrom('truth')).rejects.toThrow('1.png: this image has no ground truth');
  });
});

describe('another project', () => {
  it('with an image of the same number is not touched by a step that could not be stored', async () => {
    await mask().startFrom('empty');
    await settled();
    main.refusals.set('mask.commit', FULL);
    paint(0, 0);
    await settled();
    expect(mask().saving).toBe('unsaved');

    mask().close();
    const other = new MemoryMain(2, undefined, 'q');
    setStudio(other);
    useProject.getState().setProject(other.project);
    await mask().openMask(1);
    expect(mask()).toMatchObject({ status: 'unstarted', raster: null });
    await mask().retry();
    expect(other.stored(1)).toEqual([255, 255, 255, 255]);
    expect(mask()).toMatchObject({ saving: 'unsaved', problem: { code: 'project.changed' } });

    // Back in its own project the step is still there, and is stored.
    mask().close();
    setStudio(main);
    useProject.getState().setProject(main.project);
    main.refusals.clear();
    await mask().openMask(1);
    await mask().retry();
    expect(main.stored(1)).toEqual([1, 255, 255, 255]);
    expect(mask().saving).toBe('saved');
  });
});
