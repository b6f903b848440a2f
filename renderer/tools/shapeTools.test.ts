import { describe, expect, it } from 'vitest';
import { toolSettingsSchema } from '#core/ipc/toolSettings.ts';
import { boxTool } from './box/boxTool.ts';
import { eraserTool } from './eraser/eraserTool.ts';
import { lassoTool } from './lasso/lassoTool.ts';
import { polygonTool } from './polygon/polygonTool.ts';
import { snapBrushTool } from './snapBrush/snapBrushTool.ts';
import { ToolBench } from './testing/toolBench.ts';

const EMPTY = ['.....', '.....', '.....', '.....'];
const SUBTRACT = toolSettingsSchema.parse({ shapeMode: 'subtract' });

/** All but class `id`. */
function locked(bench: ToolBench, id: number): ToolBench {
  const writable = new Uint8Array(65536).fill(1);
  writable[id] = 0;
  bench.raster.setWritable(writable);
  return bench;
}

describe('box', () => {
  it('takes every pixel from press to release, whichever way', () => {
    const bench = new ToolBench(boxTool, EMPTY);
    bench.down(3, 2).move([1, 1]);
    expect(bench.overlay).toEqual({ kind: 'box', rect: { x: 1, y: 1, width: 3, height: 2 } });
    expect(bench.rows).toEqual(EMPTY);
    bench.up(1, 1);
    expect(bench.rows).toEqual(['.....', '.111.', '.111.', '.....']);
    expect(bench.labels).toEqual(['Box class 1']);
    expect(bench.overlay).toBeNull();
  });

  it('draws nothing for a click, and nothing after Escape', () => {
    const bench = new ToolBench(boxTool, EMPTY);
    bench.click(2, 2);
    bench.down(0, 0).move([3, 3]).key('Escape').up(3, 3);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.commits).toEqual([]);
  });

  it('takes the active class away with Alt, and leaves the others', () => {
    const bench = new ToolBench(boxTool, ['11211', '11211']);
    bench.down(0, 0, { alt: true }).move([4, 0]).up(4, 0);
    expect(bench.rows).toEqual(['..2..', '11211']);
    expect(bench.labels).toEqual(['Box without class 1']);
  });

  it('keeps locked classes', () => {
    const bench = locked(new ToolBench(boxTool, ['.2...', '.2...']), 2);
    bench.down(0, 0).up(4, 1);
    expect(bench.rows).toEqual(['12111', '12111']);
  });
});

describe('lasso', () => {
  it('fills what the hand went around, as one step', () => {
    const bench = new ToolBench(lassoTool, EMPTY);
    bench.down(0, 0).move([4, 0], [4, 3]);
    expect(bench.machine.stateName).toBe('Drawing');
    expect(bench.rows).toEqual(EMPTY);
    bench.move([0, 3]).up(0, 0);
    expect(bench.rows).toEqual(['1111.', '1111.', '1111.', '.....']);
    expect(bench.labels).toEqual(['Lasso class 1']);
  });

  it('takes away where that is chosen; Alt then adds', () => {
    const bench = new ToolBench(lassoTool, ['11111', '11111', '11111', '11111']);
    bench.settings = SUBTRACT;
    bench.down(0, 0).move([4, 0], [4, 3], [0, 3]).up(0, 0);
    expect(bench.rows).toEqual(['....1', '....1', '....1', '11111']);
    bench.down(0, 0, { alt: true }).move([2, 0], [2, 2], [0, 2]).up(0, 0);
    expect(bench.rows).toEqual(['11..1', '11..1', '....1', '11111']);
  });

  it.each(['Escape', 'image'] as const)('leaves nothing when it is dropped: %s', (how) => {
    const bench = new ToolBench(lassoTool, EMPTY);
    bench.down(0, 0).move([4, 0], [4, 3]);
    if (how === 'Escape') bench.key('Escape');
    else bench.interrupt('imageChange');
    bench.up(0, 3);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.overlay).toBeNull();
  });
});

it('a polygon takes away what was chosen when it began', () => {
  const bench = new ToolBench(polygonTool, ['1121', '1121', '1121']);
  bench.settings = SUBTRACT;
  bench.click(0, 0).click(3, 0);
  bench.settings = toolSettingsSchema.parse({});
  bench.click(3, 2).click(0, 2).key('Enter');
  expect(bench.rows).toEqual(['..21', '..21', '1121']);
  expect(bench.labels).toEqual(['Polygon without class 1']);
});

describe('eraser', () => {
  it('leaves what the model says where that is chosen, and ignore before it has looked', () => {
    const bench = new ToolBench(eraserTool, ['1111', '1111']);
    bench.settings = toolSettingsSchema.parse({ eraseTo: 'model' });
    bench.down(0, 0).up(3, 0);
    bench.teacher = ['3333', '345.'];
    bench.down(0, 1).up(3, 1);
    expect(bench.rows).toEqual(['....', '345.']);
    expect(bench.labels).toEqual(['Erase', 'Erase to the model']);
  });

  it('keeps locked classes', () => {
    const bench = locked(new ToolBench(eraserTool, ['1212']), 2);
    bench.down(0, 0).up(3, 0);
    expect(bench.rows).toEqual(['.2.2']);
  });
});

describe('snapping brush', () => {
  it('paints where a model allows the class, and everywhere where none knows it', () => {
    const bench = new ToolBench(snapBrushTool, ['....', '....']);
    bench.allowed = ['-++-', '----'];
    bench.down(0, 0).up(3, 0).down(0, 1).up(3, 1);
    expect(bench.rows).toEqual(['.11.', '....']);
    expect(bench.labels).toEqual(['Snap class 1']);
    bench.allowed = null;
    bench.down(0, 1).up(3, 1);
    expect(bench.rows[1]).toBe('1111');
  });

  it('is taken back by Escape', () => {
    const bench = new ToolBench(snapBrushTool, ['....']);
    bench.allowed = ['++-+'];
    bench.down(0, 0).move([3, 0]);
    expect(bench.rows).toEqual(['11.1']);
    bench.key('Escape').up(3, 0);
    expect(bench.rows).toEqual(['....']);
  });
});
