const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Order of file names as people read them: `a2` before `a10`. Total: equal only for equal strings. */
export function compareNatural(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
