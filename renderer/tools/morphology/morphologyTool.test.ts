import { expect, it } from 'vitest';
import { ToolBench } from '../testing/toolBench.ts';
import { morphologyTool } from './morphologyTool.ts';

const ROWS = ['1..1', '....', '....'];

function bench(): ToolBench {
  const made = new ToolBench(morphologyTool, ROWS);
  made.settings = { ...made.settings, morphology: 'grow', morphologyRadius: 1 };
  return made;
}

it('previews on a region, and keeps it with Enter as one step', () => {
  const tool = bench().click(0, 0);
  expect(tool.machine.stateName).toBe('Previewing');
  expect(tool.rows).toEqual(['11.1', '1...', '....']);
  expect(tool.commits).toEqual([]);
  tool.key('Enter');
  expect(tool.labels).toEqual(['Grow class 1']);
  expect(tool.machine.stateName).toBe('Idle');
});

it('follows what is set, and Escape puts everything back', () => {
  const tool = bench().click(0, 0).set({ morphologyRadius: 2 });
  expect(tool.rows).toEqual(['1111', '11..', '1...']);
  tool.key('Escape');
  expect(tool.rows).toEqual(ROWS);
  expect(tool.raster.inStep).toBe(false);
});

it('takes the whole class where that is the scope, or with Enter the active one', () => {
  const tool = bench().set({ morphologyScope: 'class' }).click(3, 0);
  expect(tool.rows).toEqual(['1111', '1..1', '....']);
  tool.key('Escape').key('Enter');
  expect(tool.rows).toEqual(['1111', '1..1', '....']);
});

it('a press elsewhere drops the preview and shows that of the other region', () => {
  const tool = bench().click(0, 0).click(3, 0);
  expect(tool.rows).toEqual(['1.11', '...1', '....']);
});

it.each(['pointerLost', 'imageChange', 'toolChange'] as const)('is dropped by %s', (reason) => {
  const tool = bench().click(0, 0).interrupt(reason);
  expect(tool.rows).toEqual(ROWS);
  expect(tool.raster.inStep).toBe(false);
});

/** More pixels than are reshaped while the window waits: a class in the left corner of a wide mask. */
function largeBench(): ToolBench {
  const width = 1200;
  const blank = '.'.repeat(width);
  const made = new ToolBench(morphologyTool, [
    `1..1${'.'.repeat(width - 4)}`,
    ...Array<string>(900).fill(blank),
  ]);
  made.settings = { ...made.settings, morphology: 'grow', morphologyRadius: 1 };
  return made;
}
const corner = (tool: ToolBench) => tool.rows.slice(0, 2).map((row) => row.slice(0, 5));

it('in a large mask waits for the result, which Enter keeps only when it is there', () => {
  const tool = largeBench().click(0, 0).key('Enter');
  expect(tool.commits).toEqual([]);
  expect(tool.raster.inStep).toBe(true);
  tool.reshaping!.finish();
  expect(corner(tool)).toEqual(['11.1.', '1....']);
  expect(tool.overlay).toMatchObject({ kind: 'edges' });
  tool.key('Enter');
  expect(tool.labels).toEqual(['Grow class 1']);
});

it('in a large mask starts again when something else is set, and Escape stops it', () => {
  const tool = largeBench().click(0, 0).set({ morphologyRadius: 2 });
  expect(tool.reshaping?.request).toMatchObject({ amount: 2, at: { x: 0, y: 0 } });
  tool.key('Escape');
  expect(tool.reshaping).toBeNull();
  expect(tool.machine.stateName).toBe('Idle');
  expect(tool.raster.inStep).toBe(false);
});
