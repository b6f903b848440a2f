import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { parseClassesJson, type DeclaredClasses } from '#core/formats/classesJson.ts';
import { withoutEnding } from '#core/formats/flatNames.ts';
import { readTruthMask, voidIdsFor } from '#core/formats/maskFile.ts';
import type { TruthMask } from '#core/ipc/schemas.ts';
import { largestId, type ClassTable } from '#core/labels/classTable.ts';
import { matchClasses } from '#core/labels/matchClasses.ts';
import { createClassIds, type ClassIds } from '#core/mask/classMap.ts';
import type { Problem } from '#core/problem.ts';
import { errorCode, unreadable } from './fileProblem.ts';
import { listFiles } from './listFiles.ts';

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

/** classes.json in the masks' folder, the one above it or the one above that; null where there is none. */
async function findClasses(folder: string): Promise<DeclaredClasses | null> {
  for (const place of [folder, dirname(folder), dirname(dirname(folder))]) {
    const path = join(place, 'classes.json');
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') continue;
      throw unreadable('truth.unreadable', path, error);
    }
    return parseClassesJson(text, path);
  }
  return null;
}

/** Indexed masks of a ground-truth folder, found by the images' names, `a.jpg.png` before `a.png`. */
export class TruthFolder {
  private constructor(
    readonly folder: string,
    /** What the classes.json of the masks says; null where there is none. */
    readonly declared: DeclaredClasses | null,
    /** Paths below the folder by stem, and by the stem's last part where that is unique. */
    private readonly byStem: ReadonlyMap<string, string>,
    private readonly byLastPart: ReadonlyMap<string, string | null>,
  ) {}

  /** Throws ProblemError `truth.unreadable`, `classes.json`. */
  static async open(folder: string): Promise<TruthFolder> {
    const names = await listFiles(folder).catch((error: unknown) => {
      throw unreadable('truth.unreadable', folder, error);
    });
    const byStem = new Map<string, string>();
    const byLastPart = new Map<string, string | null>();
    for (const name of names) {
      if (extname(name).toLowerCase() !== '.png') continue;
      const stem = withoutEnding(name);
      byStem.set(stem, name);
      const last = basename(stem);
      byLastPart.set(last, byLastPart.has(last) ? null : name);
    }
    return new TruthFolder(folder, await findClasses(folder), byStem, byLastPart);
  }

  /** Absolute path of the image's mask, or null where it has none. */
  maskOf(imageName: string): string | null {
    const stem = withoutEnding(imageName);
    const name =
      this.byStem.get(imageName) ??
      this.byStem.get(stem) ??
      this.byLastPart.get(basename(imageName)) ??
      this.byLastPart.get(basename(stem)) ??
      null;
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

  /**
   * The ground truth of an image as ids of `classTable`, or null where it has none. Classes are matched by name
   * where the masks declare theirs, else they are those of `undeclared`; pixels of a class that the table does not
   * have are its ignoreId.
   * Throws what readTruthMask throws, and ProblemError `truth.unreadable`.
   */
  async read(
    image: { readonly name: string; readonly width: number; readonly height: number },
    classTable: ClassTable,
    undeclared = classTable,
  ): Promise<TruthMask | null> {
    const path = this.maskOf(image.name);
    if (path === null) return null;
    const subject = `mask ${path.slice(this.folder.length + 1)}`;
    const bytes = await readFile(path).catch((error: unknown) => {
      throw unreadable('truth.unreadable', subject, error);
    });
    const { width, height } = image;
    const own = this.declared?.classTable ?? undeclared;
    const voidIds = voidIdsFor(own, this.declared?.voidId);
    const mask = readTruthMask(bytes, { subject, classTable: own, voidIds, expected: { width, height } });
    const match = matchClasses(own, classTable);
    if (match.identical) return { width, height, ids: transferable(mask.ids), problems: mask.problems };
    const ids = createClassIds(mask.ids.length, largestId(classTable));
    const lost = new Set<number>();
    mask.ids.forEach((id, pixel) => {
      const target = match.targetOf.get(id) ?? classTable.ignoreId;
      if (target === classTable.ignoreId && id !== own.ignoreId) lost.add(id);
      ids[pixel] = target;
    });
    const names = own.classes.filter(({ id }) => lost.has(id)).map(({ name }) => name);
    return {
      width,
      height,
      ids: transferable(ids),
      problems: [...mask.problems, ...missingClasses(subject, names)],
    };
  }
}

function missingClasses(subject: string, names: readonly string[]): Problem[] {
  if (names.length === 0) return [];
  return [
    {
      code: 'truth.otherClasses',
      severity: 'note',
      title: `the project has no class ${names.join(', ')}: those pixels are ignored`,
      subject,
    },
  ];
}

/** Ids made here lie in memory of their own, never in shared memory; their type does not say so. */
function transferable(ids: ClassIds): TruthMask['ids'] {
  return ids as TruthMask['ids'];
}
