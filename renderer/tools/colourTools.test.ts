import { describe, expect, it } from 'vitest';
import { fillTool } from './fill/fillTool.ts';
import { superpixelTool } from './superpixel/superpixelTool.ts';
import { ToolBench } from './testing/toolBench.ts';
import { wandTool } from './wand/wandTool.ts';

const EMPTY = ['......', '......'];
/** Grey levels, 25 apart. */
const PICTURE = ['001349', '111399'];

describe('magic wand', () => {
  it('previews what its tolerance takes, follows the drag, and keeps it with the release', () => {
    const bench = new ToolBench(wandTool, EMPTY);
    bench.picture = PICTURE;
    bench.settings = { ...bench.settings, tolerance: 0 };
    bench.down(0, 0);
    expect(bench.machine.stateName).toBe('Choosing');
    expect(bench.rows).toEqual(['11....', '......']);
    expect(bench.overlay).toMatchObject({ kind: 'edges' });
    // 10 screen pixels per image pixel, 3 for a step of tolerance.
    bench.move([8, 0]);
    expect(bench.rows).toEqual(['111...', '111...']);
    bench.move([24, 0]);
    expect(bench.rows).toEqual(['1111..', '1111..']);
    bench.move([8, 0]).up(8, 0);
    expect(bench.rows).toEqual(['111...', '111...']);
    expect(bench.labels).toEqual(['Wand class 1']);
    expect(bench.settings.tolerance).toBe(27);
  });

  it('restores exactly on Escape and when the hand is taken away', () => {
    for (const drop of ['Escape', 'imageChange', 'pointerLost'] as const) {
      const bench = new ToolBench(wandTool, ['234234', '234234']);
      bench.picture = PICTURE;
      bench.down(5, 0).move([20, 0]);
      expect(bench.rows).not.toEqual(['234234', '234234']);
      if (drop === 'Escape') bench.key(drop);
      else bench.interrupt(drop);
      bench.up(20, 0);
      expect(bench.rows).toEqual(['234234', '234234']);
      expect(bench.commits).toEqual([]);
    }
  });

  it('waits for the picture', () => {
    const bench = new ToolBench(wandTool, EMPTY);
    bench.click(0, 0);
    expect(bench.rows).toEqual(EMPTY);
    expect(bench.raster.inStep).toBe(false);
  });
});

describe('fill', () => {
  it('stops at another colour where that is chosen', () => {
    const bench = new ToolBench(fillTool, ['222222', '333333']);
    bench.picture = PICTURE;
    bench.settings = { ...bench.settings, fillBy: 'colour', tolerance: 25 };
    bench.click(3, 0);
    expect(bench.rows).toEqual(['222112', '333133']);
    expect(bench.labels).toEqual(['Fill class 1']);
  });

  it('leaves locked classes alone', () => {
    const bench = new ToolBench(fillTool, ['222', '333']);
    const writable = new Uint8Array(65536).fill(1);
    writable[2] = 0;
    bench.raster.setWritable(writable);
    bench.click(0, 0).click(0, 1);
    expect(bench.rows).toEqual(['222', '111']);
  });
});

describe('superpixel brush', () => {
  const picture = Array.from({ length: 24 }, () => '0'.repeat(11) + '9'.repeat(13));
  const empty = picture.map((row) => '.'.repeat(row.length));

  it('outlines and paints whole patches of one colour', () => {
    const bench = new ToolBench(superpixelTool, empty);
    bench.picture = picture;
    bench.settings = { ...bench.settings, superpixelSize: 8 };
    bench.move([10, 12]);
    expect(bench.overlay).toMatchObject({ kind: 'edges' });
    bench.down(10, 12).move([10, 3]).up(10, 3);
    const painted = bench.rows.join('');
    expect(painted.split('1').length - 1).toBeGreaterThan(60);
    for (const row of bench.rows) expect(row.slice(11)).toBe('.'.repeat(13));
    expect(bench.labels).toEqual(['Superpixels class 1']);
  });

  it('is taken back by Escape', () => {
    const bench = new ToolBench(superpixelTool, empty);
    bench.picture = picture;
    bench.down(10, 12).move([20, 12]).key('Escape').up(20, 12);
    expect(bench.rows).toEqual(empty);
  });
});
