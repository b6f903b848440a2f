import { describe, expect, it } from 'vitest';
import { brushTool } from '../brush/brushTool.ts';
import { ToolBench } from '../testing/toolBench.ts';
import { pickerTool } from './pickerTool.ts';

function pickerBench(): ToolBench {
  const bench = new ToolBench(brushTool, ['23', '..']);
  bench.teacher = ['55', '6.'];
  bench.lastTool = brushTool;
  bench.machine.setTool(pickerTool);
  return bench;
}

describe('picker', () => {
  it('takes the class of the mask and hands the brush back', () => {
    const bench = pickerBench().click(1, 0);
    expect(bench.activeClass).toBe(3);
    expect(bench.machine.tool.id).toBe('brush');
    expect(bench.machine.stateName).toBe('Idle');
    expect(bench.rows).toEqual(['23', '..']);
  });

  it('takes the class of the teacher where the mask is empty', () => {
    expect(pickerBench().click(0, 1).activeClass).toBe(6);
  });

  it('changes nothing where nobody knows', () => {
    expect(pickerBench().click(1, 1).click(7, 7).activeClass).toBe(1);
  });

  it('follows the pointer while the button is held', () => {
    const bench = pickerBench().down(0, 0).move([1, 0]);
    expect(bench.activeClass).toBe(3);
    expect(bench.machine.stateName).toBe('Picking');
    expect(bench.up(1, 0).machine.tool.id).toBe('brush');
  });

  it('paints with the class that was picked', () => {
    const bench = pickerBench().click(1, 0).click(0, 1);
    expect(bench.rows).toEqual(['23', '3.']);
  });

  it('is put back by Escape', () => {
    const bench = pickerBench().key('Escape');
    expect(bench.machine.tool.id).toBe('brush');
    expect(bench.activeClass).toBe(1);
  });
});
