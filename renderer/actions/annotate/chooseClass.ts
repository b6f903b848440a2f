import { useMask } from '../../store/useMask.ts';
import { useProject } from '../../store/useProject.ts';
import type { Action } from '../action.ts';

/** Keys of the first twelve classes, as they lie on the keyboard, with what the class list shows. */
export const CLASS_KEYS = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) => ({
    code: `Digit${digit}`,
    shown: digit,
  })),
  { code: 'Minus', shown: '-' },
  { code: 'Equal', shown: '=' },
] as const;

const entryAt = (index: number) => useProject.getState().project?.classTable.classes[index];

/** One action per key: `class.1` is the first class of the project's table. */
export const chooseClass: readonly Action[] = CLASS_KEYS.map(({ code }, index) => ({
  id: `class.${index + 1}`,
  get label() {
    return `Paint ${entryAt(index)?.name ?? `class ${index + 1}`}`;
  },
  group: 'Annotate',
  hotkeys: [code],
  places: ['annotate'],
  enabled: () => entryAt(index) !== undefined,
  run: () => {
    const entry = entryAt(index);
    if (entry) useMask.getState().setActiveClass(entry.id);
  },
}));
