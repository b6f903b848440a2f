import { freeName } from '../freeName.ts';
import { withoutEnding } from './flatNames.ts';

/**
 * A mask's path for each image, below masks/: the image's path with the ending .png. Images that differ only in
 * their ending (or only in case, which some disks do not tell apart) keep it: `a.jpg.png`, `a.png.png`.
 */
export function maskNames(imageNames: readonly string[]): string[] {
  const counts = new Map<string, number>();
  const key = (name: string) => withoutEnding(name).toLowerCase();
  for (const name of imageNames) counts.set(key(name), (counts.get(key(name)) ?? 0) + 1);
  const seen = new Set<string>();
  return imageNames.map((name) => {
    const plain = counts.get(key(name)) === 1 ? `${withoutEnding(name)}.png` : `${name}.png`;
    const isTaken = (other: string) => seen.has(other.toLowerCase());
    const mask = freeName(plain, (number) => `${name}.${number}.png`, isTaken);
    seen.add(mask.toLowerCase());
    return mask;
  });
}
