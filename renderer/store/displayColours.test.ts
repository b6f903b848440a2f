import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClassTable } from '#core/labels/classTable.ts';
import { safePalette } from '#core/labels/safePalette.ts';
import { trueTable, watchColours } from './displayColours.ts';
import { MemoryMain } from './testing/memoryMain.ts';
import { setStudio } from './studio.ts';
import { useProject } from './useProject.ts';
import { useSettings } from './useSettings.ts';

const table = createClassTable(['Sky', 'Road']);

watchColours();

beforeEach(() => {
  const main = new MemoryMain(1, table);
  setStudio(main);
  useProject.getState().setProject(main.project);
});

afterEach(() => useSettings.getState().change({ palette: 'classes' }));

const shown = () => useProject.getState().project!.classTable;

describe('the colours on screen', () => {
  it('are those of the classes, until others are chosen, and the true ones are not lost', () => {
    expect(shown()).toBe(table);
    useSettings.getState().change({ palette: 'safe' });
    expect(shown().classes.map(({ colour }) => colour)).toEqual(safePalette(2));
    expect(trueTable(shown())).toBe(table);
    useSettings.getState().change({ palette: 'classes' });
    expect(shown()).toBe(table);
  });

  it('are chosen for a table that comes later, too', () => {
    useSettings.getState().change({ palette: 'safe' });
    const { project } = useProject.getState();
    const classTable = createClassTable(['Sky', 'Road', 'Car']);
    useProject.setState({ project: { ...project!, classTable } });
    expect(shown().classes[2]?.colour).toEqual(safePalette(3)[2]);
    expect(trueTable(shown())).toBe(classTable);
  });
});
