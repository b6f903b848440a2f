import { describe, expect, it } from 'vitest';
import type { Action } from './action.ts';
import { actions, findAction, keyConflicts } from './registry.ts';

const action = (id: string, hotkeys: string[], places?: Action['places']): Action => ({
  id,
  label: id,
  group: 'View',
  hotkeys,
  places,
  enabled: () => true,
  run: () => undefined,
});

describe('the actions', () => {
  it('have ids of their own and no two want one key in one place', () => {
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    expect(keyConflicts()).toEqual([]);
  });

  it('carry the ids that the application menu sends', () => {
    for (const id of ['project.choose', 'truth.choose', 'models.choose', 'export.open']) {
      expect(findAction(id)?.id).toBe(id);
    }
  });

  it('conflict in a shared place only', () => {
    const inCompare = action('a', ['KeyZ'], ['compare']);
    expect(keyConflicts([inCompare, action('b', ['KeyZ'], ['annotate'])])).toEqual([]);
    expect(keyConflicts([inCompare, action('c', ['KeyX', 'KeyZ'])])).toEqual(['KeyZ: a and c']);
  });
});
