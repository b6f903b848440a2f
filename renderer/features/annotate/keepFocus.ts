import type { MouseEvent } from 'react';

/**
 * For buttons beside the picture: a press by mouse leaves the focus where it was, so that Space pans and keys
 * go on meaning what they mean over the picture. The Tab key still reaches the button.
 */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}
