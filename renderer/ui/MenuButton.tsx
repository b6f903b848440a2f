import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

interface MenuButtonProps {
  readonly label: string;
  readonly button: ReactNode;
  readonly className?: string;
  readonly testId?: string;
  /** The items: buttons with role="menuitem". */
  readonly children: (close: () => void) => ReactNode;
}

interface Place {
  readonly style: CSSProperties;
  /** Not the button's own surroundings: a size container above it would catch the fixed position. */
  readonly host: Element;
}

/** Under the button; above it where it lies in the window's lower half. */
function besides(button: Element): Place {
  const box = button.getBoundingClientRect();
  const style =
    box.bottom < window.innerHeight / 2
      ? { left: box.left, top: box.bottom + 4 }
      : { left: box.left, bottom: window.innerHeight - box.top + 4 };
  return { style, host: button.closest('dialog') ?? document.body };
}

/** A button that opens a menu under or above it; arrow keys move, Escape and a click elsewhere close. */
export function MenuButton({ label, button, className = 'button quiet', testId, children }: MenuButtonProps) {
  const [at, setAt] = useState<Place | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const close = (): void => setAt(null);

  useEffect(() => {
    if (!at) return;
    const onDown = (event: PointerEvent): void => {
      const target = event.target as Node;
      if (!menu.current?.contains(target) && !opener.current?.contains(target)) setAt(null);
    };
    window.addEventListener('pointerdown', onDown, true);
    menu.current?.querySelector<HTMLElement>('[role="menuitem"]:not(:disabled)')?.focus();
    return () => window.removeEventListener('pointerdown', onDown, true);
  }, [at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [
      ...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? []),
    ];
    const here = items.findIndex((item) => item === document.activeElement);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) items[(here + step + items.length) % items.length]?.focus();
    else if (event.key === 'Escape') {
      close();
      opener.current?.focus();
    } else if (event.key === 'Tab') {
      close();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        aria-label={label}
        data-testid={testId}
        onClick={({ currentTarget }) => setAt(at ? null : besides(currentTarget))}
      >
        {button}
      </button>
      {at &&
        createPortal(
          <div
            ref={menu}
            className="menu"
            role="menu"
            aria-label={label}
            style={at.style}
            onKeyDown={onKeyDown}
          >
            {children(close)}
          </div>,
          at.host,
        )}
    </>
  );
}
