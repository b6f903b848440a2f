import { describe, expect, it } from 'vitest';
import { brushTool } from '../brush/brushTool.ts';
import { ToolBench } from '../testing/toolBench.ts';
import { polygonTool } from './polygonTool.ts';

const EMPTY = ['......', '......', '......', '......', '......'];
const SQUARE = ['......', '.111..', '.111..', '.111..', '......'];

/** Clicks the corners of the 3 x 3 square with its top left pixel at (1, 1): pixel corners, not middles. */
function clickSquare(bench: ToolBench): ToolBench {
  return bench.click(0.5, 0.5).click(3.5, 0.5).click(3.5, 3.5).click(0.5, 3.5);
}

describe('polygon', () => {
  it('fills on Enter, as one step', () => {
    const bench = clickSquare(new ToolBench(polygonTool, EMPTY));
    expect(bench.rows).toEqual(EMPTY);
    bench.key('Enter');
    expect(bench.rows).toEqual(SQUARE);
    expect(bench.labels).toEqual(['Polygon class 1']);
    expect(bench.machine.busy).toBe(false);
    expect(bench.overlay).toBeNull();
  });

  it('fills on a click at its first point', () => {
    const bench = clickSquare(new ToolBench(polygonTool, EMPTY)).move([0.6, 0.6]);
    expect(bench.overlay).toMatchObject({ kind: 'polygon', closing: true });
    bench.click(0.6, 0.6);
    expect(bench.rows).toEqual(SQUARE);
    expect(bench.machine.stateName).toBe('Idle');
  });

  it('fills on a double click, whose two clicks are one point', () => {
    const bench = new ToolBench(polygonTool, EMPTY);
    bench.click(0.5, 0.5).click(3.5, 0.5).click(3.5, 3.5).doubleClick(0.5, 3.5);
    expect(bench.rows).toEqual(SQUARE);
    expect(bench.commits).toHaveLength(1);
  });

  it('does nothing with two points, and keeps them', () => {
    const bench = new ToolBench(polygonTool, EMPTY);
    bench.click(0.5, 0.5).click(4.5, 3.5).key('Enter').doubleClick(4.5, 3.5);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.commits).toEqual([]);
    expect(bench.raster.inStep).toBe(false);
    expect(bench.overlay).toMatchObject({
      points: [
        { x: 1, y: 1 },
        { x: 5, y: 4 },
      ],
    });
  });

  it('leaves no point behind when the second click of a double click closed it', () => {
    const bench = clickSquare(new ToolBench(polygonTool, EMPTY)).doubleClick(0.5, 0.5);
    expect(bench.rows).toEqual(SQUARE);
    expect(bench.machine.stateName).toBe('Idle');
    expect(bench.overlay).toBeNull();
  });

  it('takes points back with Backspace until none is left', () => {
    const bench = clickSquare(new ToolBench(polygonTool, EMPTY)).click(5, 4).key('Backspace').key('Enter');
    expect(bench.rows).toEqual(SQUARE);
    bench.click(1, 1).click(2, 2).key('Backspace').key('Backspace');
    expect(bench.machine.stateName).toBe('Idle');
    expect(bench.overlay).toBeNull();
  });

  it('is dropped by Escape without a trace', () => {
    const bench = clickSquare(new ToolBench(polygonTool, EMPTY)).key('Escape');
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.overlay).toBeNull();
    bench.key('Enter');
    expect(bench.rows).toEqual(EMPTY);
  });

  it('takes freehand points from a drag and stays open at its end', () => {
    const bench = new ToolBench(polygonTool, EMPTY);
    bench.down(0.5, 0.5).move([3.5, 0.5], [3.5, 3.5]).move([0.5, 3.5]).up(0.5, 3.5);
    expect(bench.machine.stateName).toBe('Placing');
    expect(bench.rows).toEqual(EMPTY);
    bench.key('Enter');
    expect(bench.rows).toEqual(SQUARE);
  });

  it('does not take a trembling click for a drag', () => {
    const bench = new ToolBench(polygonTool, EMPTY);
    bench.down(1, 1).move([1.1, 1.1]).up(1.1, 1.1);
    expect(bench.overlay).toMatchObject({ points: [{ x: 1.5, y: 1.5 }] });
  });

  it.each(['pointerLost', 'placeChange'] as const)('keeps its points on %s', (reason) => {
    const bench = clickSquare(new ToolBench(polygonTool, EMPTY)).interrupt(reason);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.key('Enter').rows).toEqual(SQUARE);
  });

  it('keeps what was traced when the pointer is lost in a drag', () => {
    const bench = new ToolBench(polygonTool, EMPTY);
    bench.down(0.5, 0.5).move([3.5, 0.5], [3.5, 3.5], [0.5, 3.5]).interrupt('pointerLost').key('Enter');
    expect(bench.rows).toEqual(SQUARE);
  });

  it.each(['imageChange', 'maskChange', 'projectChange'] as const)(
    'drops its points on %s, also in a drag',
    (reason) => {
      const bench = clickSquare(new ToolBench(polygonTool, EMPTY)).interrupt(reason).key('Enter');
      expect(bench.rows).toEqual(EMPTY);
      bench.down(0.5, 0.5).move([3.5, 0.5], [3.5, 3.5]).interrupt(reason).up(3.5, 3.5).key('Enter');
      expect(bench.rows).toEqual(EMPTY);
      expect(bench.overlay).toBeNull();
      expect(bench.commits).toEqual([]);
    },
  );

  it('is dropped when another tool is taken up', () => {
    const bench = clickSquare(new ToolBench(polygonTool, EMPTY));
    bench.machine.setTool(brushTool);
    bench.machine.setTool(polygonTool);
    expect(bench.machine.busy).toBe(false);
    expect(bench.key('Enter').rows).toEqual(EMPTY);
  });
});
