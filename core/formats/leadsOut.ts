/**
 * Whether a path that a stranger's file names would lead out of the folder that it is to be below: `..`, an absolute
 * path, a drive, or a NUL, at which the system would cut it off. Backslashes count, as they do on Windows.
 */
export function leadsOut(path: string): boolean {
  const segments = path.split(/[\\/]/);
  return path.includes('\0') || segments.includes('..') || segments[0] === '' || /^[a-z]:[\\/]/i.test(path);
}
