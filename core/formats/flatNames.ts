import { freeName } from '../freeName.ts';

/** `city/a.jpg` -> `city/a` */
export function withoutEnding(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path;
}

/** `city/a.jpg` -> `.jpg` */
export function endingOf(path: string): string {
  return path.slice(withoutEnding(path).length);
}

/** `city/a.jpg` -> `a.jpg` */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Characters that a list of names, one a line, or a shell cannot take. */
const AWKWARD = /[\s:"'*?<>|\\,]/gu;

/**
 * For each stem a name without folders, unique also where case does not count: `bonn/1` -> `bonn_1`. A stem that is
 * such a name already keeps it: `bonn_1` is found again as what it is, and `bonn/1` becomes `bonn_1_2` beside it.
 */
export function flatNames(stems: readonly string[]): string[] {
  const seen = new Set<string>();
  const names = stems.map((stem) => stem.replaceAll('/', '_').replaceAll(AWKWARD, '_'));
  const claim = (index: number) => {
    const plain = names[index]!;
    const isTaken = (other: string) => seen.has(other.toLowerCase());
    const name = freeName(plain, (number) => `${plain}_${number}`, isTaken);
    seen.add(name.toLowerCase());
    names[index] = name;
  };
  const isFlat = stems.map((stem, index) => stem === names[index]);
  stems.forEach((_, index) => isFlat[index] && claim(index));
  stems.forEach((_, index) => !isFlat[index] && claim(index));
  return names;
}
