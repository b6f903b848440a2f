import { useEffect, useState } from 'react';
import { hotkeyOfStroke } from '#core/hotkeys/hotkey.ts';

interface KeyRecorderProps {
  /** The action that the key is for. */
  readonly label: string;
  readonly onKey: (hotkey: string) => void;
  readonly onStop: () => void;
}

/** Keys that move the focus or the picture and cannot mean anything else. */
const RESERVED: Readonly<Record<string, string>> = {
  Tab: 'Tab moves the focus',
  'Shift+Tab': 'Tab moves the focus',
  Space: 'Space moves the picture',
};

const isMac = navigator.userAgent.includes('Mac');

/** Takes the next key, whatever it means elsewhere; Escape stops. */
export function KeyRecorder({ label, onKey, onStop }: KeyRecorderProps) {
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat) return;
      const hotkey = hotkeyOfStroke(event, isMac);
      if (hotkey === null) return;
      if (hotkey === 'Escape') onStop();
      else if (RESERVED[hotkey] !== undefined) setRefused(RESERVED[hotkey]);
      else onKey(hotkey);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [onKey, onStop]);
  return (
    <span className="key-recorder" role="status" aria-label={`Press a key for ${label}`}>
      {refused ?? 'Press a key'} <span className="faint">Esc stops</span>
    </span>
  );
}
