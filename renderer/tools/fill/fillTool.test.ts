import { describe, expect, it } from 'vitest';
import { classId } from '#core/labels/classTable.ts';
import { ToolBench } from '../testing/toolBench.ts';
import { fillTool } from './fillTool.ts';

describe('fill', () => {
  it('fills the region that touches by edges, not by corners', () => {
    const bench = new ToolBench(fillTool, ['0022', '0022', '2200', '2200']);
    bench.click(0, 1);
    expect(bench.rows).toEqual(['1122', '1122', '2200', '2200']);
    expect(bench.labels).toEqual(['Fill class 1']);
  });

  it('fills to the border of the picture', () => {
    const bench = new ToolBench(fillTool, ['2222', '2..2', '2222']);
    bench.click(3, 2);
    expect(bench.rows).toEqual(['1111', '1..1', '1111']);
    bench.activeClass = classId(0);
    bench.click(1, 1);
    expect(bench.rows).toEqual(['1111', '1001', '1111']);
  });

  it('does nothing on its own class or outside the picture', () => {
    const bench = new ToolBench(fillTool, ['11', '.1']);
    bench.click(0, 0).click(-1, 0).click(2, 0).click(0, 2);
    expect(bench.rows).toEqual(['11', '.1']);
    expect(bench.commits).toEqual([]);
    expect(bench.raster.inStep).toBe(false);
  });

  it('does not fill again while the button is held', () => {
    const bench = new ToolBench(fillTool, ['02', '22']);
    bench.down(0, 0).move([1, 1]).up(1, 1);
    expect(bench.rows).toEqual(['12', '22']);
    expect(bench.commits).toHaveLength(1);
  });
});
