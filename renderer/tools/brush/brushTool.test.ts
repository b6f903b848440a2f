import { describe, expect, it } from 'vitest';
import { classId } from '#core/labels/classTable.ts';
import { eraserTool } from '../eraser/eraserTool.ts';
import { ToolBench } from '../testing/toolBench.ts';
import { brushTool } from './brushTool.ts';

const EMPTY = ['......', '......', '......', '......'];

describe('brush', () => {
  it('paints a press, a drag and nothing between strokes', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(1, 1);
    expect(bench.machine.stateName).toBe('Painting');
    bench.move([3, 1]).up(3, 1).move([5, 3]).click(0, 3);
    expect(bench.rows).toEqual(['......', '.111..', '......', '1.....']);
    expect(bench.labels).toEqual(['Brush class 1', 'Brush class 1']);
    expect(bench.machine.stateName).toBe('Idle');
  });

  it('goes through every coalesced point, not straight to the last', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(0, 0).move([0, 3], [5, 3], [5, 0]).up(5, 0);
    expect(bench.rows).toEqual(['1....1', '1....1', '1....1', '111111']);
    expect(bench.commits).toHaveLength(1);
  });

  it('paints on where the button is released', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(0, 2).up(4, 2);
    expect(bench.rows[2]).toBe('11111.');
  });

  it('paints a square of its size', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.brush = { size: 3, shape: 'square' };
    bench.click(1, 1);
    expect(bench.rows).toEqual(['111...', '111...', '111...', '......']);
  });

  it('is clipped at the border and comes back in', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(-3, 1).move([8, 1]).up(8, 1);
    expect(bench.rows).toEqual(['......', '111111', '......', '......']);
  });

  it('commits nothing where nothing changed', () => {
    const bench = new ToolBench(brushTool, ['111', '111']);
    bench.down(0, 0).move([2, 1]).up(2, 1);
    expect(bench.commits).toEqual([]);
    expect(bench.raster.inStep).toBe(false);
  });

  it('restores exactly on Escape, and the held button paints no further', () => {
    const before = ['012012', '120120', '201201', '......'];
    const bench = new ToolBench(brushTool, before);
    bench.activeClass = classId(7);
    bench.down(0, 0).move([5, 3], [0, 3]);
    expect(bench.rows).not.toEqual(before);
    bench.key('Escape').move([3, 3]).up(3, 3);
    expect(bench.rows).toEqual(before);
    expect(bench.commits).toEqual([]);
  });

  it.each(['pointerLost', 'imageChange', 'placeChange'] as const)('keeps what is painted on %s', (reason) => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(1, 1).move([2, 1]).interrupt(reason).move([5, 1]).up(5, 1);
    expect(bench.rows[1]).toBe('.11...');
    expect(bench.labels).toEqual(['Brush class 1']);
    expect(bench.raster.inStep).toBe(false);
  });

  it('takes the stroke back when the project is gone', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(1, 1).move([2, 1]).interrupt('projectChange').up(5, 1);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.commits).toEqual([]);
  });

  it('lets go when the step was closed by somebody else', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(1, 1);
    bench.raster.cancelStep();
    bench.move([2, 1]).up(2, 1);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.click(0, 0).rows[0]).toBe('1.....');
  });

  it('keeps what is painted when another tool is taken up', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(1, 1).move([2, 1]);
    bench.machine.setTool(eraserTool);
    bench.move([5, 1]).up(5, 1);
    expect(bench.rows[1]).toBe('.11...');
    expect(bench.labels).toEqual(['Brush class 1']);
  });

  it('paints a stroke in the class that it began with', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(0, 0);
    bench.activeClass = classId(2);
    bench.up(2, 0).click(0, 1);
    expect(bench.rows.slice(0, 2)).toEqual(['111...', '2.....']);
    expect(bench.labels).toEqual(['Brush class 1', 'Brush class 2']);
  });
});

describe('Shift+click', () => {
  it('draws a straight line from where the last stroke ended, as one step', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.down(0, 0).up(1, 0).click(5, 0, { shift: true }).click(5, 3, { shift: true });
    expect(bench.rows).toEqual(['111111', '.....1', '.....1', '.....1']);
    expect(bench.commits).toHaveLength(3);
  });

  it('is a plain click before the first stroke', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.click(3, 2, { shift: true });
    expect(bench.rows).toEqual(['......', '......', '...1..', '......']);
  });

  it('does not start from a stroke that was taken back', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.click(0, 0).down(5, 3).key('Escape').up(5, 3).click(0, 3, { shift: true });
    expect(bench.rows).toEqual(['1.....', '1.....', '1.....', '1.....']);
  });

  it('does not start in another picture', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.click(0, 0).interrupt('imageChange').click(0, 3, { shift: true });
    expect(bench.rows).toEqual(['1.....', '......', '......', '1.....']);
  });

  it('still knows the point after another tool was in the hand', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.click(0, 0);
    bench.machine.setTool(eraserTool);
    bench.machine.setTool(brushTool);
    bench.click(2, 0, { shift: true });
    expect(bench.rows[0]).toBe('111...');
  });
});

describe('Alt+drag', () => {
  it('changes the size and paints nothing', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.brush = { size: 3, shape: 'round' };
    bench.down(2, 2, { alt: true });
    expect(bench.machine.stateName).toBe('Sizing');
    bench.move([4, 2]);
    expect(bench.brush.size).toBe(7);
    expect(bench.overlay).toMatchObject({ kind: 'brush', size: 7, centre: { x: 2.5, y: 2.5 }, sizing: true });
    bench.move([-20, 2]);
    expect(bench.brush.size).toBe(1);
    bench.move([3, 2]).up(3, 2);
    expect(bench.brush.size).toBe(5);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.commits).toEqual([]);
  });

  it('gives the old size back on Escape', () => {
    const bench = new ToolBench(brushTool, EMPTY);
    bench.brush = { size: 3, shape: 'round' };
    bench.down(2, 2, { alt: true }).move([5, 2]).key('Escape');
    expect(bench.brush.size).toBe(3);
    expect(bench.machine.stateName).toBe('Idle');
  });
});

describe('eraser', () => {
  it('leaves the ignore index, whatever class is active', () => {
    const bench = new ToolBench(eraserTool, ['0123', '0123']);
    bench.down(1, 0).up(2, 0);
    expect(bench.rows).toEqual(['0..3', '0123']);
    expect(bench.labels).toEqual(['Erase']);
  });

  it('restores exactly on Escape', () => {
    const bench = new ToolBench(eraserTool, ['0123', '0123']);
    bench.down(0, 0).move([3, 1]).key('Escape');
    expect(bench.rows).toEqual(['0123', '0123']);
  });
});
