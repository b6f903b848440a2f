import type { FormatFiles, PlannedImage, Split } from './maskFormat.ts';

/** Names below one of these folders, wherever it lies: the part before it, and the part after it. */
export interface BelowFolder {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The files that lie below a folder of this name and have this ending. Case does not count in the ending. */
export function filesBelow(files: FormatFiles, folder: string, ending: string): BelowFolder[] {
  const found: BelowFolder[] = [];
  for (const name of files.names) {
    if (!name.toLowerCase().endsWith(ending)) continue;
    const padded = `/${name}`;
    const at = padded.indexOf(`/${folder}/`);
    if (at >= 0)
      found.push({ name, before: padded.slice(1, at + 1), after: padded.slice(at + folder.length + 2) });
  }
  return found;
}

/** The one file of this name, in the folder or below it; null where there is none. The least deep one wins. */
export function findFile(files: FormatFiles, name: string): string | null {
  const found = files.names.filter((path) => path === name || path.endsWith(`/${name}`));
  return found.sort((a, b) => a.split('/').length - b.split('/').length)[0] ?? null;
}

/** `train/a` -> `a` where the first folder is a split's name. */
export function withoutSplit(path: string, splits: readonly string[]): string {
  const [first = '', ...rest] = path.split('/');
  return rest.length > 0 && splits.includes(first) ? rest.join('/') : path;
}

/** `3 files`, `1 file`. */
export function filesText(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

/** Stems of the images of one split that were written, one a line. */
export function splitList(written: readonly PlannedImage[], split: Split | null): string {
  return written
    .filter((image) => split === null || image.split === split)
    .map(({ flat }) => `${flat}\n`)
    .join('');
}
