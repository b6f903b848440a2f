import { hand } from '../../tools/hand.ts';
import { TOOLS } from '../../tools/tools.ts';
import type { Action } from '../action.ts';

/** One action per tool, in the order of the tool bar: `tool.brush`. The picker has its own, `pickClass`. */
export const chooseTool: readonly Action[] = TOOLS.filter((tool) => tool.id !== 'picker').map((tool) => ({
  id: `tool.${tool.id}`,
  label: `Take the ${tool.label.toLowerCase()}`,
  group: 'Annotate',
  hotkeys: [`Key${tool.hotkey}`],
  places: ['annotate'],
  enabled: () => true,
  run: () => hand.setTool(tool.id),
}));
