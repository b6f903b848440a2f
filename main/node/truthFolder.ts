import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Problem } from '#core/problem.ts';
import { unreadable } from './fileProblem.ts';

/** `city/a.jpg` -> `city/a` */
export function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

/** The ground truth that lies with the images: `masks` inside the folder or beside it, or null. */
export async function findTruthFolder(imageFolder: string, chosenFolder: string): Promise<string | null> {
  const candidates = [join(chosenFolder, 'masks'), join(imageFolder, 'masks')];
  if (basename(imageFolder).toLowerCase() === 'images') candidates.push(join(dirname(imageFolder), 'masks'));
  for (const candidate of candidates) {
    const status = await stat(candidate).catch(() => null);
    if (status?.isDirectory()) return realpath(candidate);
  }
  return null;
}

/** Indexed masks of a ground-truth folder, found by the images' names without their endings. */
export class TruthFolder {
  private constructor(
    readonly folder: string,
    /** Paths below the folder by stem, and by the stem's last part where that is unique. */
    private readonly byStem: ReadonlyMap<string, string>,
    private readonly byLastPart: ReadonlyMap<string, string | null>,
  ) {}

  /** Throws ProblemError `truth.unreadable`. */
  static async open(folder: string): Promise<TruthFolder> {
    const entries = await readdir(folder, { recursive: true }).catch((error: unknown) => {
      throw unreadable('truth.unreadable', folder, error);
    });
    const byStem = new Map<string, string>();
    const byLastPart = new Map<string, string | null>();
    for (const entry of entries) {
      if (extname(entry).toLowerCase() !== '.png') continue;
      const name = entry.split('\\').join('/');
      const stem = stemOf(name);
      byStem.set(stem, name);
      const last = basename(stem);
      byLastPart.set(last, byLastPart.has(last) ? null : name);
    }
    return new TruthFolder(folder, byStem, byLastPart);
  }

  /** Absolute path of the image's mask, or null where it has none. */
  maskOf(imageName: string): string | null {
    const stem = stemOf(imageName);
    const name = this.byStem.get(stem) ?? this.byLastPart.get(basename(stem)) ?? null;
    return name === null ? null : join(this.folder, name);
  }

  /** Masks of no image at all: the folder is likely not the ground truth of these images. */
  mismatch(imageNames: readonly string[]): Problem | null {
    if (imageNames.length === 0 || imageNames.some((name) => this.maskOf(name) !== null)) return null;
    return {
      code: 'truth.noMatch',
      severity: 'note',
      title: 'none of its masks has the name of an image',
      subject: this.folder,
      detail: `${this.byStem.size} PNG files, ${imageNames.length} images`,
      hint: 'A mask has the name of its image with the ending .png',
    };
  }
}
