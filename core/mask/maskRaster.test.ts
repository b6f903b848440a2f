import { expect, test } from 'vitest';
import { classId } from '../labels/classTable.ts';
import type { ClassIds } from './classMap.ts';
import { MaskRaster } from './maskRaster.ts';
import { seededRandom } from './seededRandom.ts';

const IGNORE = classId(255);
/** toEqual looks at every id as an object property: too slow for whole masks. */
const same = (a: ClassIds, b: ClassIds) => a.length === b.length && a.every((id, n) => id === b[n]);

const create = (width: number, height: number) => new MaskRaster({ width, height, ignoreId: IGNORE });

test('without ids it is all ignore; ids above 255 take two bytes', () => {
  expect([...create(2, 2).ids]).toEqual([255, 255, 255, 255]);
  const wide = new MaskRaster({
    width: 1,
    height: 1,
    ids: new Uint8Array([7]),
    ignoreId: IGNORE,
    maxId: 300,
  });
  expect(wide.ids).toEqual(new Uint16Array([7]));
  wide.beginStep();
  wide.setPixel(0, 0, classId(300));
  expect(wide.endStep()).toMatchObject({ bytesPerId: 2 });
});

test('a span is clipped to the mask', () => {
  const raster = create(4, 2);
  raster.beginStep();
  raster.setSpan(0, -5, 2, classId(1));
  raster.setSpan(1, 3, 99, classId(2));
  raster.setSpan(2, 0, 4, classId(3));
  raster.setSpan(-1, 0, 4, classId(3));
  raster.setSpan(1, 2, 2, classId(3));
  expect([...raster.ids]).toEqual([1, 1, 255, 255, 255, 255, 255, 2]);
  expect(raster.takeDirty()).toEqual({ x: 0, y: 0, width: 4, height: 2 });
  expect(raster.takeDirty()).toBeNull();
});

test('only what changes is told: pixels that have the class already are left out at both ends', () => {
  const raster = create(200, 3);
  raster.beginStep();
  raster.setSpan(1, 10, 90, classId(1));
  raster.takeDirty();
  raster.setSpan(1, 0, 60, classId(1));
  expect(raster.takeDirty()).toEqual({ x: 0, y: 1, width: 10, height: 1 });
  raster.setSpan(1, 50, 95, classId(1));
  expect(raster.takeDirty()).toEqual({ x: 90, y: 1, width: 5, height: 1 });
  raster.setSpan(1, 20, 80, classId(1));
  expect(raster.takeDirty()).toBeNull();
});

test('a change that was made on a copy is pasted into the open step, and cancelled or undone with it', () => {
  const raster = create(100, 70);
  raster.beginStep();
  raster.setSpan(3, 0, 50, classId(1));
  const copy = new MaskRaster({ width: 100, height: 70, ids: raster.ids.slice(), ignoreId: classId(255) });
  copy.beginStep();
  copy.setSpan(3, 40, 90, classId(2));
  copy.setSpan(69, 5, 8, classId(2));
  const patch = copy.endStep()!;
  raster.takeDirty();
  raster.paste(patch);
  expect(raster.ids).toEqual(copy.ids);
  expect(raster.takeDirty()).toEqual({ x: 0, y: 0, width: 100, height: 70 });
  const step = raster.endStep()!;
  raster.apply(step, 'undo');
  expect(raster.ids.every((id) => id === 255)).toBe(true);
  expect(() => raster.paste(patch)).toThrow('a mask can be changed only within a step');
  const other = create(4, 4);
  other.beginStep();
  expect(() => other.paste(patch)).toThrow('an edit of a 100 x 70 mask does not fit a 4 x 4 mask');
  raster.beginStep();
  raster.paste(patch);
  raster.cancelStep();
  expect(raster.ids.every((id) => id === 255)).toBe(true);
});

test('writes outside a step, wrong ids and steps within steps are refused', () => {
  const raster = create(2, 2);
  expect(() => raster.setPixel(0, 0, classId(1))).toThrow('a mask can be changed only within a step');
  expect(() => raster.endStep()).toThrow('a mask can be changed only within a step');
  expect(() => raster.cancelStep()).toThrow('a mask can be changed only within a step');
  raster.beginStep();
  expect(raster.inStep).toBe(true);
  expect(() => raster.beginStep()).toThrow('the mask is in the middle of a step. End or cancel it first');
  expect(() => raster.setPixel(0, 0, classId(256))).toThrow(
    'class id 256 does not fit a mask of ids from 0 to 255',
  );
  expect(raster.endStep()).toBeNull();
});

test('ids that do not fill the mask are refused', () => {
  expect(() => new MaskRaster({ width: 2, height: 2, ids: new Uint8Array(3), ignoreId: IGNORE })).toThrow(
    '3 class ids do not fill a 2 x 2 mask',
  );
  expect(() => create(0, 2)).toThrow('a mask cannot have 0 x 2 pixels');
});

test('a step that changes nothing has no patch', () => {
  const raster = create(70, 3);
  raster.beginStep();
  raster.setSpan(1, 0, 70, classId(4));
  raster.setSpan(1, 0, 70, IGNORE);
  expect(raster.endStep()).toBeNull();
});

test('only tiles that ended changed are in the patch, in their order', () => {
  const raster = create(130, 65);
  raster.beginStep();
  raster.setPixel(129, 64, classId(1));
  raster.setPixel(0, 0, classId(2));
  raster.setPixel(64, 0, classId(3));
  raster.setPixel(64, 0, IGNORE);
  const tiles = raster.endStep()!.tiles.map(({ x, y, width, height }) => [x, y, width, height]);
  expect(tiles).toEqual([
    [0, 0, 64, 64],
    [128, 64, 2, 1],
  ]);
});

test('cancel restores exactly and tells what to redraw, also what was taken before', () => {
  const raster = create(100, 100);
  raster.beginStep();
  raster.setSpan(3, 10, 20, classId(1));
  raster.takeDirty();
  raster.setSpan(90, 60, 70, classId(2));
  expect(raster.cancelStep()).toEqual({ x: 10, y: 3, width: 60, height: 88 });
  expect(raster.takeDirty()).toEqual({ x: 10, y: 3, width: 60, height: 88 });
  expect(raster.ids.every((id) => id === 255)).toBe(true);
  expect(raster.inStep).toBe(false);
  raster.beginStep();
  expect(raster.cancelStep()).toBeNull();
});

test('undo and redo of random steps give every state again', () => {
  const random = seededRandom(1);
  const raster = create(150, 140);
  const states = [raster.ids.slice()];
  const patches = [];
  for (let step = 0; step < 40; step++) {
    raster.beginStep();
    for (let n = 0; n < 30; n++) {
      const x = Math.floor(random() * 160) - 5;
      raster.setSpan(
        Math.floor(random() * 140),
        x,
        x + Math.floor(random() * 80),
        classId(Math.floor(random() * 5)),
      );
    }
    if (step % 5 === 4) {
      raster.cancelStep();
      expect(same(raster.ids, states.at(-1)!)).toBe(true);
      continue;
    }
    patches.push(raster.endStep()!);
    states.push(raster.ids.slice());
  }
  for (let n = patches.length - 1; n >= 0; n--) {
    raster.apply(patches[n]!, 'undo');
    expect(same(raster.ids, states[n]!)).toBe(true);
  }
  for (let n = 0; n < patches.length; n++) {
    raster.apply(patches[n]!, 'redo');
    expect(same(raster.ids, states[n + 1]!)).toBe(true);
  }
});

test('a patch is not applied within a step, and tells what it redraws', () => {
  const raster = create(100, 10);
  raster.beginStep();
  raster.setPixel(99, 9, classId(1));
  const patch = raster.endStep()!;
  raster.takeDirty();
  expect(raster.apply(patch, 'undo')).toEqual({ x: 64, y: 0, width: 36, height: 10 });
  expect(raster.takeDirty()).toEqual({ x: 64, y: 0, width: 36, height: 10 });
  raster.beginStep();
  expect(() => raster.apply(patch, 'redo')).toThrow('the mask is in the middle of a step');
});

test('keeps the pixels of locked classes, and remembers no tile that it did not write', () => {
  const raster = new MaskRaster({
    ...{ width: 4, height: 1, ignoreId: classId(9) },
    ids: Uint8Array.of(0, 1, 0, 2),
  });
  const writable = new Uint8Array(65536).fill(1);
  writable[1] = 0;
  raster.setWritable(writable);
  expect([raster.isWritable(0), raster.isWritable(1)]).toEqual([true, false]);
  raster.beginStep();
  raster.setSpan(0, 0, 4, classId(5));
  const patch = raster.endStep();
  expect([...raster.ids]).toEqual([5, 1, 5, 5]);
  raster.beginStep();
  raster.setPixel(1, 0, classId(5));
  expect(raster.endStep()).toBeNull();
  raster.apply(patch!, 'undo');
  expect([...raster.ids]).toEqual([0, 1, 0, 2]);
});
