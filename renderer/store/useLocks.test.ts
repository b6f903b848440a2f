import { beforeEach, expect, it } from 'vitest';
import { setStudio } from './studio.ts';
import { MemoryMain } from './testing/memoryMain.ts';
import { useLocks } from './useLocks.ts';
import { useProject } from './useProject.ts';
import { useSettings } from './useSettings.ts';

const main = new MemoryMain();
const open = (id: string) => useProject.getState().setProject({ ...main.project, id });
const locks = () => [[...useLocks.getState().locked], [...useLocks.getState().over]];

beforeEach(() => {
  setStudio(main);
  useSettings.getState().change({ protectedClasses: {} });
  open('street');
});

it('keeps the locks of each project for the next time that it is opened', () => {
  useLocks.getState().toggleLock(2);
  useLocks.getState().toggleLock(255);
  useLocks.getState().toggleOver(0);
  open('harbour');
  expect(locks()).toEqual([[], []]);
  useLocks.getState().toggleLock(7);
  open('street');
  expect(locks()).toEqual([[2, 255], [0]]);
  expect(useSettings.getState().settings.protectedClasses).toEqual({
    street: { locked: [2, 255], over: [0] },
    harbour: { locked: [7], over: [] },
  });
});

it('forgets a project in which nothing is protected any more', () => {
  useLocks.getState().toggleLock(2);
  useLocks.getState().free();
  expect(useSettings.getState().settings.protectedClasses).toEqual({});
  open('harbour');
  open('street');
  expect(locks()).toEqual([[], []]);
});
