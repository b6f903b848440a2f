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

/** For each stem a name without folders, unique also where case does not count: `bonn/1` -> `bonn_1`. */
export function flatNames(stems: readonly string[]): string[] {
  const seen = new Set<string>();
  return stems.map((stem) => {
    const plain = stem.replaceAll('/', '_').replaceAll(AWKWARD, '_');
    let name = plain;
    for (let number = 2; seen.has(name.toLowerCase()); number++) name = `${plain}_${number}`;
    seen.add(name.toLowerCase());
    return name;
  });
}
