import { expect, it } from 'vitest';
import { leadsOut } from './leadsOut.ts';

it.each([
  '..',
  '../a.png',
  'a/../../b.png',
  'a/..',
  '/etc/passwd',
  '',
  '\\\\server\\share\\a.png',
  '..\\a.png',
  'a\\..\\..\\b.png',
  'C:\\a.png',
  'a.png\0.jpg',
])('%j leads out of its folder', (path) => {
  expect(leadsOut(path)).toBe(true);
});

it.each(['a.png', 'city/a.png', '..a.png', 'a../b..png', '.hidden/a', '$(touch x); "y".png', 'a:b.png'])(
  '%j stays in it',
  (path) => {
    expect(leadsOut(path)).toBe(false);
  },
);
