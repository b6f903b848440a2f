import { CHARACTER_OF_KEY } from '#core/hotkeys/hotkey.ts';

const NAMES: Readonly<Record<string, string>> = {
  $mod: 'Ctrl',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ...CHARACTER_OF_KEY,
  Escape: 'Esc',
};

/** A key of tinykeys as people write it: `$mod+Shift+KeyZ` is `Ctrl+Shift+Z`. */
export function hotkeyLabel(hotkey: string): string {
  return hotkey
    .split('+')
    .map((part) => NAMES[part] ?? part.replace(/^Key|^Digit/, ''))
    .filter((part, index, parts) => !(part === 'Shift' && parts[index + 1] === '?'))
    .join('+');
}
