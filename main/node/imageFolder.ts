import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { errorCode, unreadable } from './fileProblem.ts';
import { compareNatural } from './naturalOrder.ts';
import { readImageHeader } from './readImageHeader.ts';
import { isInside } from './resolveInside.ts';

const IMAGE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp']);
/** Folders that hold labels beside images, never images. */
const LABEL_FOLDERS = new Set(['masks']);
/** Enough for split/city/file; a home folder opened by mistake still ends. */
const MAX_DEPTH = 4;
/** Images that are told of at once. */
const PART = 1000;

export interface ListedImage {
  /** Path below the image folder, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
  /** Time of last change, milliseconds since 1970. */
  readonly mtimeMs: number;
  /** Upright size in pixels; 0 x 0 where the header could not be read. */
  readonly width: number;
  readonly height: number;
  readonly problem: Problem | null;
}

export interface ImageListing {
  /** The folder that was asked for, without links. */
  readonly chosen: string;
  /** Where the images are: `chosen`, or its `images` folder. */
  readonly folder: string;
  /** In natural order. */
  readonly images: readonly ListedImage[];
  /** About the folder as a whole. */
  readonly problems: readonly Problem[];
}

/** Lists the images of a folder somewhere: see listImageFolder. */
export type ListImages = (folder: string) => Promise<ImageListing>;

interface FoundName {
  /** Path below the folder, with forward slashes. */
  readonly name: string;
  /** Only of a link it is not known where it leads. */
  readonly isLink: boolean;
}

interface Found {
  readonly names: FoundName[];
  /** How many other files, by extension. */
  readonly others: Map<string, number>;
}

function collect(folder: string, below: string, depth: number, found: Found): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(folder, below), { withFileTypes: true });
  } catch (error) {
    if (below === '') throw unreadable('folder.unreadable', folder, error);
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    const extension = extname(entry.name).toLowerCase();
    if (IMAGE_EXTENSIONS.has(extension)) found.names.push({ name, isLink: !entry.isFile() });
    else if (entry.isDirectory()) {
      if (depth < MAX_DEPTH && !LABEL_FOLDERS.has(entry.name.toLowerCase())) {
        collect(folder, name, depth + 1, found);
      }
    } else found.others.set(extension, (found.others.get(extension) ?? 0) + 1);
  }
}

/** The folder itself, or its `images` folder where it has one and no images of its own beside it. */
export async function findImageFolder(chosen: string): Promise<string> {
  const entries = await readdir(chosen, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable('folder.unreadable', chosen, error);
  });
  return imageFolderOf(chosen, entries);
}

function imageFolderOf(chosen: string, entries: readonly Dirent[]): string {
  const own = entries.some((entry) => IMAGE_EXTENSIONS.has(extname(entry.name).toLowerCase()));
  const images = entries.find((entry) => entry.name.toLowerCase() === 'images' && entry.isDirectory());
  return !own && images ? join(chosen, images.name) : chosen;
}

function statusOf(path: string, name: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const target = errorCode(error) === 'ENOENT' ? linkTarget(path) : null;
    if (target === null) throw unreadable('image.unreadable', name, error);
    throw new ProblemError({
      code: 'image.brokenLink',
      title: `a symbolic link to ${target}, which does not exist`,
      subject: name,
      hint: 'Put the file where the link points to, or remove the link',
    });
  }
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** One entry of the listing: its header, or why it cannot be opened. Never throws. */
function lookAt(folder: string, { name, isLink }: FoundName): ListedImage {
  const path = join(folder, name);
  let bytes = 0;
  let mtimeMs = 0;
  try {
    const status = statusOf(path, name);
    mtimeMs = Math.trunc(status.mtimeMs);
    if (!status.isFile()) {
      throw new ProblemError({
        code: 'image.notAFile',
        title: status.isDirectory() ? 'a folder, not an image file' : 'not a file',
        subject: name,
        hint: 'Rename it so that it does not end like an image',
      });
    }
    bytes = status.size;
    if (isLink && !isInside(folder, realpathSync(path))) {
      throw new ProblemError({
        code: 'image.outside',
        title: 'a symbolic link to a file outside the folder',
        subject: name,
        hint: 'Only files inside the opened folder are read: copy it here, or open the folder that it is in',
      });
    }
    const { width, height, problems } = headerOf(path, name, bytes);
    return { name, bytes, mtimeMs, width, height, problem: problems[0] ?? null };
  } catch (error) {
    const problem = toProblem(error, { code: 'image.unreadable', subject: name });
    return { name, bytes, mtimeMs, width: 0, height: 0, problem };
  }
}

function headerOf(path: string, name: string, bytes: number): ReturnType<typeof readImageHeader> {
  try {
    return readImageHeader(path, name, bytes);
  } catch (error) {
    throw errorCode(error) === null ? error : unreadable('image.unreadable', name, error);
  }
}

function noImages(folder: string, others: ReadonlyMap<string, number>): Problem {
  const counted = [...others]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([extension, count]) => `${count} ${extension === '' ? 'without an ending' : extension}`);
  return {
    code: 'folder.noImages',
    severity: 'error',
    title: 'there are no images in this folder',
    subject: basename(folder),
    detail: counted.length > 0 ? `Other files: ${counted.join(', ')}` : undefined,
    hint: 'JPEG, PNG, WebP and BMP files are opened',
  };
}

/** A part of a folder's images, in their order: one of several threads looks at each. */
export interface ListingShare {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** What a thread found out about the folder beside the images of its share. */
export interface ScannedFolder extends Omit<ImageListing, 'images'> {
  /** Of the names of all images: two threads that give another saw the folder change between them. */
  readonly digest: string;
}

/**
 * Lists the images of a folder (or of its `images` folder) and reads their headers. An image that cannot be
 * opened is listed with its problem. The files are looked at one after the other without a turn between them, an
 * eighth of the work of waiting for each: where somebody waits meanwhile, a thread of its own does it (listBeside.ts).
 * `onImages` hears of them as they come, in order, in parts.
 * Throws ProblemError `folder.unreadable` where the folder itself cannot be listed.
 */
export function scanImageFolder(
  chosenFolder: string,
  onImages: (images: readonly ListedImage[]) => void,
  { index, of }: ListingShare = { index: 0, of: 1 },
): ScannedFolder {
  const { chosen, folder } = locate(chosenFolder);
  const found: Found = { names: [], others: new Map() };
  collect(folder, '', 0, found);
  const { names } = found;
  names.sort((a, b) => compareNatural(a.name, b.name));
  const end = Math.floor((names.length * (index + 1)) / of);
  for (let start = Math.floor((names.length * index) / of); start < end; start += PART) {
    onImages(names.slice(start, Math.min(end, start + PART)).map((entry) => lookAt(folder, entry)));
  }
  const digest = createHash('sha1')
    .update(names.map(({ name }) => name).join('\n'))
    .digest('hex');
  return { chosen, folder, digest, problems: names.length === 0 ? [noImages(chosen, found.others)] : [] };
}

/** scanImageFolder as one listing, in this thread. */
export async function listImageFolder(folder: string): Promise<ImageListing> {
  const images: ListedImage[] = [];
  // A promise like that of listBeside, also where it throws.
  const found = await Promise.resolve().then(() =>
    scanImageFolder(folder, (part) => {
      images.push(...part);
    }),
  );
  return { ...found, images };
}

function locate(chosenFolder: string): { chosen: string; folder: string } {
  try {
    const chosen = realpathSync(chosenFolder);
    return { chosen, folder: imageFolderOf(chosen, readdirSync(chosen, { withFileTypes: true })) };
  } catch (error) {
    throw unreadable('folder.unreadable', chosenFolder, error);
  }
}
