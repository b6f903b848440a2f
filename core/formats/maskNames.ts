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
    let mask = counts.get(key(name)) === 1 ? `${withoutEnding(name)}.png` : `${name}.png`;
    for (let number = 2; seen.has(mask.toLowerCase()); number++) mask = `${name}.${number}.png`;
    seen.add(mask.toLowerCase());
    return mask;
  });
}
