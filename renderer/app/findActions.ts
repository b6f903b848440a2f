import type { Action } from '../actions/action.ts';

/** The actions whose label holds every word, those that begin with the query first. */
export function findActions(actions: readonly Action[], query: string): readonly Action[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (action: Action): number => (action.label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return actions
    .filter((action) => words.every((word) => `${action.label} ${action.group}`.toLowerCase().includes(word)))
    .sort((a, b) => begins(a) - begins(b));
}
