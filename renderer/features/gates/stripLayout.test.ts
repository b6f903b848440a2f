import { expect, it } from 'vitest';
import { neuronAt, neuronBeside, stripLayout } from './stripLayout.ts';

const strip = stripLayout(40, 110);

it('lays neurons in lines of whole eights where there is room', () => {
  expect(strip).toEqual({ neurons: 40, columns: 16, lines: 3, width: 96, height: 45 });
  expect(stripLayout(10, 110).columns).toBe(10);
  expect(stripLayout(10, 3).columns).toBe(1);
});

it('finds the neuron under a point', () => {
  expect([neuronAt(strip, 0, 0), neuronAt(strip, 95, 14), neuronAt(strip, 7, 31)]).toEqual([0, 15, 33]);
  expect([neuronAt(strip, 96, 0), neuronAt(strip, 60, 40), neuronAt(strip, -1, 0)]).toEqual([
    null,
    null,
    null,
  ]);
});

it('leads arrow keys along the lines and out of the layer', () => {
  expect(neuronBeside(strip, 0, 'ArrowLeft')).toBe(0);
  expect(neuronBeside(strip, 15, 'ArrowRight')).toBe(16);
  expect(neuronBeside(strip, 20, 'ArrowUp')).toBe(4);
  expect(neuronBeside(strip, 4, 'ArrowUp')).toBe('above');
  expect(neuronBeside(strip, 20, 'ArrowDown')).toBe(36);
  expect(neuronBeside(strip, 30, 'ArrowDown')).toBe('below');
  expect([neuronBeside(strip, 5, 'Home'), neuronBeside(strip, 5, 'End')]).toEqual([0, 39]);
});
