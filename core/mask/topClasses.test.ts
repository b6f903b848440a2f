import { expect, it } from 'vitest';
import { logitsAt, type Logits } from '../imaging/postprocess.ts';
import { TopClasses } from './topClasses.ts';

const logits: Logits = {
  classes: 3,
  width: 2,
  height: 1,
  logits: Float32Array.of(5, 0, 3, 3, 0, 5),
};
const row = (id: number, top: number): string => {
  const classes = new TopClasses(logits, { width: 8, height: 1 }, id, top);
  // Twice: the second answer is remembered.
  for (let x = 0; x < 8; x++) classes.has(x, 0);
  return Array.from({ length: 8 }, (_, x) => (classes.has(x, 0) ? '1' : '.')).join('');
};

it('is the best class where it wins, and one of the best two more widely', () => {
  const best = Array.from({ length: 8 }, (_, x) => {
    const values = [...logitsAt(logits, x, 0, 8, 1)];
    return values.indexOf(Math.max(...values));
  });
  for (const id of [0, 1, 2]) {
    expect(row(id, 1)).toBe(best.map((winner) => (winner === id ? '1' : '.')).join(''));
  }
  expect(row(0, 2)).toBe('1111....');
  expect(row(1, 2)).toBe('11111111');
  expect(row(7, 3)).toBe('........');
});
