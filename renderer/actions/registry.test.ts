import { describe, expect, it } from 'vitest';
import type { Action } from './action.ts';
import { keyConflicts } from './keyConflicts.ts';
import { actions, findAction } from './registry.ts';

const action = (id: string, hotkeys: string[], places?: Action['places']): Action => ({
  id,
  label: id,
  group: 'View',
  hotkeys,
  places,
  enabled: () => true,
  run: () => undefined,
});

const named = (conflicts: ReturnType<typeof keyConflicts>) =>
  conflicts.map(({ key, first, second }) => `${key}: ${first.id} and ${second.id}`);

describe('the actions', () => {
  it('have ids of their own and no two want one key in one place', () => {
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    expect(named(keyConflicts(actions))).toEqual([]);
  });

  it('carry the ids that the application menu sends', () => {
    for (const id of ['project.choose', 'truth.choose', 'models.choose', 'export.open']) {
      expect(findAction(id)?.id).toBe(id);
    }
  });

  it('conflict by the keys that the user gave them, however these are written', () => {
    const all = [action('a', ['KeyZ']), action('b', ['Slash'])];
    expect(named(keyConflicts(all, { a: ['/'] }))).toEqual(['Slash: a and b']);
    expect(keyConflicts(all, { a: [] })).toEqual([]);
  });

  it('may share a key with one that means it only in a mode', () => {
    const inMode = { ...action('b', ['KeyZ']), mode: 'dispute' } as const;
    expect(keyConflicts([action('a', ['KeyZ']), inMode])).toEqual([]);
  });

  it('conflict in a shared place only', () => {
    const inCompare = action('a', ['KeyZ'], ['compare']);
    expect(keyConflicts([inCompare, action('b', ['KeyZ'], ['annotate'])])).toEqual([]);
    expect(named(keyConflicts([inCompare, action('c', ['KeyX', 'KeyZ'])]))).toEqual(['KeyZ: a and c']);
  });
});
