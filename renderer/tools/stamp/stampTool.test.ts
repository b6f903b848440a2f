import { describe, expect, it } from 'vitest';
import { ToolBench } from '../testing/toolBench.ts';
import { stampTool } from './stampTool.ts';

function stampBench(): ToolBench {
  const bench = new ToolBench(stampTool, ['0000', '0000']);
  bench.teacher = ['5566', '5.65'];
  bench.student = ['7777', '0000'];
  return bench;
}

describe('stamp', () => {
  it('copies the region under the pointer, as far as it touches by edges', () => {
    const bench = stampBench().click(0, 0);
    expect(bench.rows).toEqual(['5500', '5000']);
    expect(bench.labels).toEqual(['Stamp class 5 of the teacher']);
  });

  it('copies from the student where that is set, and with Alt from the other one', () => {
    const bench = stampBench();
    bench.settings = { ...bench.settings, stampFrom: 'student' };
    expect(bench.click(2, 0).rows).toEqual(['7777', '0000']);
    expect(bench.click(2, 0, { alt: true }).rows).toEqual(['7766', '0060']);
    expect(bench.labels).toEqual(['Stamp class 7 of the student', 'Stamp class 6 of the teacher']);
  });

  it('shows what it would copy, and no more when the pointer is gone', () => {
    const bench = stampBench().move([3, 1]);
    expect(bench.overlay).toMatchObject({ kind: 'edges' });
    expect([...(bench.overlay as { lines: Int32Array }).lines]).toEqual([
      3, 1, 4, 1, 3, 2, 4, 2, 3, 1, 3, 2, 4, 1, 4, 2,
    ]);
    bench.machine.dispatch({ type: 'pointerLeave' });
    expect(bench.overlay).toBeNull();
    expect(bench.rows).toEqual(['0000', '0000']);
  });

  it('does nothing where the model says no class, has not looked, or outside', () => {
    const bench = stampBench().click(1, 1).click(9, 9);
    bench.teacher = null;
    bench.click(0, 0);
    expect(bench.rows).toEqual(['0000', '0000']);
    expect(bench.raster.inStep).toBe(false);
  });
});
