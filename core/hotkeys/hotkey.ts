import { z } from 'zod';

/** In the order in which they are written, shown and compared. `$mod`: Ctrl, on a Mac Command. */
const MODIFIERS = ['$mod', 'Control', 'Meta', 'Alt', 'Shift'] as const;

/** The characters that stand on keys of an English keyboard, where the key's name is a word. */
export const CHARACTER_OF_KEY: Readonly<Record<string, string>> = {
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Equal: '=',
  Minus: '-',
  Backquote: '`',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
};

/** Two ways to write one key are one key. */
const KEY_OF_CHARACTER: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(CHARACTER_OF_KEY).map(([key, character]) => [character, key])),
  '?': 'Shift+Slash',
};

/**
 * A key as settings keep it and tinykeys takes it: modifiers, then one `code` or `key` of a KeyboardEvent,
 * joined by `+`: `$mod+Shift+KeyZ`.
 */
export const hotkeySchema = z
  .string()
  .regex(/^(?:(?:\$mod|Control|Meta|Alt|Shift)\+)*(?:[A-Z][A-Za-z0-9]+|[^\sA-Za-z0-9+])$/, 'not a key');

/** The same text for the same key, however it was written: `Shift+$mod+?` is `$mod+Shift+Slash`. */
export function normaliseHotkey(hotkey: string): string {
  const parts = hotkey.split('+');
  const key = parts.pop() ?? '';
  const named = (KEY_OF_CHARACTER[key] ?? key).split('+');
  const last = named.pop() ?? key;
  const held = new Set([...parts, ...named]);
  return [...MODIFIERS.filter((modifier) => held.has(modifier)), last].join('+');
}

/** The part of a KeyboardEvent that says which key it is. */
export interface KeyStroke {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The hotkey of a key that was pressed, or null for a modifier alone and for keys without a place of their own. */
export function hotkeyOfStroke(stroke: KeyStroke, isMac: boolean): string | null {
  const { code, ctrlKey, metaKey, altKey, shiftKey } = stroke;
  if (code === '' || /^(?:Control|Shift|Alt|Meta|OS)(?:Left|Right)?$|Lock$|^Fn/.test(code)) return null;
  const held: string[] = [];
  if (isMac ? metaKey : ctrlKey) held.push('$mod');
  if (isMac && ctrlKey) held.push('Control');
  if (!isMac && metaKey) held.push('Meta');
  if (altKey) held.push('Alt');
  if (shiftKey) held.push('Shift');
  return [...held, code].join('+');
}

const ACCELERATOR_NAMES: Readonly<Record<string, string>> = {
  $mod: 'CmdOrCtrl',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ...CHARACTER_OF_KEY,
  Escape: 'Esc',
  Enter: 'Return',
};

/** The key as the application menu of Electron shows it; null for one that it has no name for. */
export function acceleratorOf(hotkey: string): string | null {
  const parts = normaliseHotkey(hotkey)
    .split('+')
    .map((part) => ACCELERATOR_NAMES[part] ?? part.replace(/^Key(?=[A-Z]$)|^Digit(?=\d$)/, ''));
  const key = parts.at(-1) ?? '';
  const known =
    /^(?:[A-Z0-9]|F\d{1,2}|[[\]`\\;',./=-]|Left|Right|Up|Down|Home|End|PageUp|PageDown|Insert|Delete|Backspace|Return|Esc|Tab|Space)$/;
  return known.test(key) ? parts.join('+') : null;
}
