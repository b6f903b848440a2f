import { expect, it } from 'vitest';
import { hotkeyLabel } from './hotkeyLabel.ts';

it('names keys as they are printed on them', () => {
  expect(['$mod+Shift+KeyZ', 'Backquote', 'Shift+Semicolon', 'Digit0', 'Escape'].map(hotkeyLabel)).toEqual([
    'Ctrl+Shift+Z',
    '`',
    'Shift+;',
    '0',
    'Esc',
  ]);
});
