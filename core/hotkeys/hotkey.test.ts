import { describe, expect, it } from 'vitest';
import { acceleratorOf, hotkeyOfStroke, hotkeySchema, normaliseHotkey } from './hotkey.ts';

const stroke = (
  code: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('a hotkey', () => {
  it('is written in one way only', () => {
    expect(normaliseHotkey('Shift+$mod+KeyZ')).toBe('$mod+Shift+KeyZ');
    expect(normaliseHotkey('?')).toBe('Shift+Slash');
    expect(normaliseHotkey('Shift+?')).toBe('Shift+Slash');
    expect(normaliseHotkey('/')).toBe('Slash');
  });

  it('is read from a stroke, and never from a modifier alone', () => {
    expect(hotkeyOfStroke(stroke('KeyZ', { ctrlKey: true, shiftKey: true }), false)).toBe('$mod+Shift+KeyZ');
    expect(hotkeyOfStroke(stroke('KeyZ', { ctrlKey: true, metaKey: true }), true)).toBe('$mod+Control+KeyZ');
    expect(hotkeyOfStroke(stroke('ShiftLeft', { shiftKey: true }), false)).toBeNull();
    expect(hotkeyOfStroke(stroke('CapsLock'), false)).toBeNull();
  });

  it('has the form that settings may hold', () => {
    for (const good of ['KeyB', '$mod+Shift+KeyZ', 'Shift+?', '/', 'F5', 'ArrowLeft', 'Alt+Digit2']) {
      expect(hotkeySchema.safeParse(good).success, good).toBe(true);
    }
    for (const bad of ['', 'Ctrl+B', '$mod+', 'b', 'Key B', '$mod']) {
      expect(hotkeySchema.safeParse(bad).success, bad).toBe(false);
    }
  });

  it('is named as the application menu names it', () => {
    expect(acceleratorOf('$mod+Shift+KeyE')).toBe('CmdOrCtrl+Shift+E');
    expect(acceleratorOf('?')).toBe('Shift+/');
    expect(acceleratorOf('Alt+Digit2')).toBe('Alt+2');
    expect(acceleratorOf('Shift+ArrowDown')).toBe('Shift+Down');
    expect(acceleratorOf('IntlBackslash')).toBeNull();
  });
});
