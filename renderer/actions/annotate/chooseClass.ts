import { useProject } from '../../store/useProject.ts';
import type { Action } from '../action.ts';
import { disputeInHand } from '../disputes/decide.ts';
import { takeClass } from '../disputes/takeClass.ts';

/** Keys of the first twelve classes, as they lie on the keyboard. */
const CLASS_KEYS = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) => `Digit${digit}`),
  'Minus',
  'Equal',
];

const entryAt = (index: number) => useProject.getState().project?.classTable.classes[index];

/** One action per key: `class.1` is the first class of the project's table. */
export const chooseClass: readonly Action[] = CLASS_KEYS.map((code, index) => ({
  id: `class.${index + 1}`,
  get label() {
    const name = entryAt(index)?.name ?? `class ${index + 1}`;
    return disputeInHand() ? `Neither is right: it is ${name}` : `Paint ${name}`;
  },
  group: 'Annotate',
  hotkeys: [code],
  places: ['annotate'],
  enabled: () => entryAt(index) !== undefined,
  run: async () => {
    const entry = entryAt(index);
    if (entry) await takeClass(entry.id);
  },
}));
