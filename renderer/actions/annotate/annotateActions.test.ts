import { beforeEach, describe, expect, it } from 'vitest';
import { imagePoint, screenPoint } from '#core/geometry.ts';
import { packProject } from '#core/ipc/packedProject.ts';
import type { ImageEntry, ProjectSummary } from '#core/ipc/schemas.ts';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import type { StagePointerEvent } from '../../store/stageTool.ts';
import { takeProject } from '../../store/openProject.ts';
import { setStudio } from '../../store/studio.ts';
import { useMask } from '../../store/useMask.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import { useView } from '../../store/useView.ts';
import { hand, watchHand } from '../../tools/hand.ts';
import { MemoryStudio } from '../../tools/testing/memoryStudio.ts';
import { findAction } from '../registry.ts';
import { annotateActions } from './annotateActions.ts';

const WIDTH = 6;
const FULL = { code: 'project.full', severity: 'error', title: 'no space left' } as const;

const image = (id: number): ImageEntry => ({
  id,
  name: `${id}.png`,
  width: WIDTH,
  height: 2,
  bytes: 1,
  url: `studio://app/image/p/${id}`,
  hasTruth: false,
  hasMask: false,
  problem: null,
});
const project = (id: string): ProjectSummary => ({
  id,
  name: id,
  folder: `/${id}`,
  projectFile: `/${id}.dynaseg`,
  truthFolder: null,
  classTable: createClassTable(['Road', 'Car', 'Sky']),
  images: [image(1), image(2)],
  problems: [],
  readOnly: false,
});

let studio: MemoryStudio;

/** The mask as text: a digit is a class, `.` is ignore. */
function rows(): string[] {
  // A mask that was not started has no pixels yet.
  const ids = useMask.getState().raster?.ids ?? new Uint8Array(WIDTH * 2).fill(255);
  return [0, 1].map((y) =>
    Array.from(ids.subarray(y * WIDTH, (y + 1) * WIDTH), (id) => (id === 255 ? '.' : String(id))).join(''),
  );
}

function pointer(x: number, y: number): StagePointerEvent {
  const at = imagePoint(x + 0.5, y + 0.5);
  return {
    image: at,
    screen: screenPoint(x * 10, y * 10),
    path: [at],
    button: 0,
    buttons: 1,
    pressure: 0.5,
    pen: false,
    altKey: false,
    shiftKey: false,
    modKey: false,
    scale: 10,
  };
}
const down = (x: number, y: number): void => hand.onPointerDown(pointer(x, y));
const move = (x: number, y: number): void => hand.onPointerMove(pointer(x, y));
const up = (x: number, y: number): void => hand.onPointerUp(pointer(x, y));
function click(x: number, y: number): void {
  down(x, y);
  up(x, y);
}

/** What a key does in the annotate place: the first action that is enabled, as the hotkeys do. */
async function press(hotkey: string): Promise<void> {
  await annotateActions.find((action) => action.hotkeys.includes(hotkey) && action.enabled())?.run();
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(async () => {
  studio = new MemoryStudio();
  setStudio(studio);
  hand.setTool('brush');
  hand.interrupt('projectChange');
  useMask.getState().close();
  useProject.getState().setProject(project('a'));
  useProject.getState().selectImage(1);
  useView.getState().setPlace('annotate');
  useSettings.getState().change({ brushSize: 1, brushShape: 'square' });
  await useMask.getState().openMask(1);
  await useMask.getState().startFrom('empty');
  useMask.getState().setActiveClass(classId(1));
  await settled();
});

describe('keys of the annotate place', () => {
  it('mean one thing each, whatever is in the hand', async () => {
    const conflicts = (): string[] => {
      const keys = annotateActions.filter((action) => action.enabled()).flatMap((action) => action.hotkeys);
      return keys.filter((key, index) => keys.indexOf(key) !== index);
    };
    expect(conflicts()).toEqual([]);
    await press('KeyP');
    click(0, 0);
    expect(conflicts()).toEqual([]);
  });

  it('take tools and classes', async () => {
    for (const [key, tool] of [
      ['KeyE', 'eraser'],
      ['KeyP', 'polygon'],
      ['KeyG', 'fill'],
      ['KeyB', 'brush'],
    ] as const) {
      await press(key);
      expect(hand.tool.id).toBe(tool);
    }
    await press('Digit3');
    expect(useMask.getState().activeClass).toBe(2);
    await press('Digit4');
    expect(useMask.getState().activeClass).toBe(2);
  });

  it('size the brush', async () => {
    await press('BracketRight');
    await press('BracketRight');
    expect(useSettings.getState().settings.brushSize).toBe(3);
    await press('BracketLeft');
    expect(useSettings.getState().settings.brushSize).toBe(2);
  });

  it('pick the class under the pointer without another tool, or arm the picker', async () => {
    click(2, 0);
    useMask.getState().setActiveClass(classId(0));
    useView.getState().setCursor(imagePoint(2.9, 0.1));
    await press('KeyI');
    expect(useMask.getState().activeClass).toBe(1);
    expect(hand.tool.id).toBe('brush');
    useView.getState().setCursor(imagePoint(5, 1));
    await press('KeyI');
    expect(hand.tool.id).toBe('picker');
    await press('Escape');
    expect(hand.tool.id).toBe('brush');
  });

  it('leave Escape, Enter and Backspace alone while nothing is open', () => {
    const enabled = annotateActions.filter((action) => action.enabled()).flatMap((action) => action.hotkeys);
    expect(enabled).not.toContain('Escape');
    expect(enabled).not.toContain('Enter');
    expect(enabled).not.toContain('Backspace');
  });
});

describe('undo and redo', () => {
  it('move over strokes', async () => {
    click(0, 0);
    click(1, 0);
    await press('$mod+KeyZ');
    expect(rows()).toEqual(['1.....', '......']);
    await press('$mod+Shift+KeyZ');
    expect(rows()).toEqual(['11....', '......']);
  });

  it('of a stroke in hand take the whole stroke back, and redo brings it again', async () => {
    click(0, 0);
    down(2, 0);
    move(4, 0);
    await press('$mod+KeyZ');
    move(5, 1);
    up(5, 1);
    expect(rows()).toEqual(['1.....', '......']);
    await press('$mod+KeyY');
    expect(rows()).toEqual(['1.111.', '......']);
  });

  it('of an open polygon take back a point, and no stroke', async () => {
    click(0, 0);
    await press('KeyP');
    click(1, 0);
    click(4, 0);
    await press('$mod+KeyZ');
    await press('$mod+KeyZ');
    expect(rows()).toEqual(['1.....', '......']);
    expect(hand.busy).toBe(false);
    await press('$mod+KeyZ');
    expect(rows()).toEqual(['......', '......']);
  });

  it('leave alone what is not in sight', async () => {
    click(0, 0);
    useView.getState().setPlace('compare');
    expect(findAction('mask.undo')?.enabled()).toBe(false);
    useView.getState().setPlace('annotate');
    expect(findAction('mask.undo')?.enabled()).toBe(true);
    await settled();
  });

  it('do not redo while something is in the hand', async () => {
    click(0, 0);
    await press('$mod+KeyZ');
    await press('KeyP');
    click(1, 0);
    await press('$mod+KeyY');
    expect(rows()).toEqual(['......', '......']);
  });
});

describe('a stroke in hand', () => {
  const listeners: Pick<Window, 'addEventListener'> = { addEventListener: () => undefined };

  it('is stored with its own picture when another one is chosen', async () => {
    const stop = watchHand(listeners as Window);
    down(0, 0);
    move(2, 0);
    useProject.getState().selectImage(2);
    await useMask.getState().openMask(2);
    move(5, 0);
    up(5, 0);
    await settled();
    stop();
    expect(studio.labels(1)).toEqual(['Start from empty', 'Brush Car']);
    expect(studio.labels(2)).toEqual([]);
    expect(rows()).toEqual(['......', '......']);
  });

  it('is dropped when another project is open, which has images of the same numbers', async () => {
    const stop = watchHand(listeners as Window);
    down(0, 0);
    move(2, 0);
    useProject.getState().setProject(project('b'));
    up(5, 0);
    await settled();
    stop();
    expect(studio.labels(1)).toEqual(['Start from empty']);
  });

  it('and an open polygon are gone when the mask was closed before', async () => {
    const stop = watchHand(listeners as Window);
    await press('KeyP');
    click(0, 0);
    click(4, 0);
    click(4, 1);
    takeProject(packProject(project('b'), 'studio://app/image/b/'));
    await useMask.getState().openMask(1);
    await useMask.getState().startFrom('empty');
    await press('Enter');
    await settled();
    stop();
    expect(hand.busy).toBe(false);
    expect(rows()).toEqual(['......', '......']);
  });

  it('is not begun on a mask that was not started', async () => {
    useProject.getState().selectImage(2);
    await useMask.getState().openMask(2);
    click(0, 0);
    await settled();
    expect(studio.labels(2)).toEqual([]);
    expect(rows()).toEqual(['......', '......']);
  });
});

describe('a full disk', () => {
  it('keeps the pixels, says so, and stores them when it is tried again', async () => {
    studio.refusal = FULL;
    click(0, 0);
    click(1, 0);
    await settled();
    expect(useMask.getState()).toMatchObject({ saving: 'unsaved', problem: FULL });
    expect(rows()).toEqual(['11....', '......']);
    studio.refusal = null;
    expect(studio.labels(1)).toEqual(['Start from empty']);
    await annotateActions.find((action) => action.id === 'mask.retry')!.run();
    expect(useMask.getState()).toMatchObject({ saving: 'saved', problem: null });
    expect(studio.labels(1)).toEqual(['Start from empty', 'Brush Car', 'Brush Car']);
  });
});

describe('start over', () => {
  it('is one step that undo takes back', async () => {
    click(0, 0);
    click(1, 1);
    await press('Shift+KeyE');
    expect(rows()).toEqual(['......', '......']);
    await press('$mod+KeyZ');
    expect(rows()).toEqual(['1.....', '.1....']);
  });

  it('is not offered from what is not there', () => {
    const enabled = annotateActions.filter((action) => action.enabled()).map((action) => action.id);
    expect(enabled.filter((id) => id.startsWith('mask.start.'))).toEqual(['mask.start.empty']);
  });
});
