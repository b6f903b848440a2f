/** Text as text in markup, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A share from 0 to 1: `71.3%`. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** A difference of shares in percentage points, with its sign: `−0.4`. */
export function points(share: number): string {
  const text = (Math.abs(share) * 100).toFixed(1);
  return text === '0.0' ? '0.0' : `${share < 0 ? '−' : '+'}${text}`;
}

/** When something was made, in ISO 8601, as pages say it: `2026-05-04 10:20 UTC`. */
export function madeAt({ at }: { readonly at: string }): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

/** An en dash for what is not known. */
export function figureOr(value: number | null | undefined, format: (value: number) => string): string {
  return value == null ? '–' : format(value);
}
