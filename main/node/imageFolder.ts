import type { Dirent } from 'node:fs';
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { errorCode, unreadable } from './fileProblem.ts';
import { mapConcurrent } from './mapConcurrent.ts';
import { compareNatural } from './naturalOrder.ts';
import { readImageHeader } from './readImageHeader.ts';
import { isInside } from './resolveInside.ts';

const IMAGE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp']);
/** Folders that hold labels beside images, never images. */
const LABEL_FOLDERS = new Set(['masks']);
/** Enough for split/city/file; a home folder opened by mistake still ends. */
const MAX_DEPTH = 4;
const PROBES_AT_ONCE = 16;

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

export interface ListOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

interface Found {
  /** Paths below the folder, with forward slashes. */
  readonly names: string[];
  /** How many other files, by extension. */
  readonly others: Map<string, number>;
}

async function collect(folder: string, below: string, depth: number, found: Found): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(folder, below), { withFileTypes: true });
  } catch (error) {
    if (below === '') throw unreadable('folder.unreadable', folder, error);
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    const extension = extname(entry.name).toLowerCase();
    if (IMAGE_EXTENSIONS.has(extension)) found.names.push(name);
    else if (entry.isDirectory()) {
      if (depth < MAX_DEPTH && !LABEL_FOLDERS.has(entry.name.toLowerCase())) {
        await collect(folder, name, depth + 1, found);
      }
    } else found.others.set(extension, (found.others.get(extension) ?? 0) + 1);
  }
}

/** The folder itself, or its `images` folder where it has one and no images of its own beside it. */
export async function findImageFolder(chosen: string): Promise<string> {
  const entries = await readdir(chosen, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable('folder.unreadable', chosen, error);
  });
  const own = entries.some((entry) => IMAGE_EXTENSIONS.has(extname(entry.name).toLowerCase()));
  const images = entries.find((entry) => entry.name.toLowerCase() === 'images' && entry.isDirectory());
  return !own && images ? join(chosen, images.name) : chosen;
}

/** One entry of the listing: its header, or why it cannot be opened. Never throws. */
async function lookAt(folder: string, name: string): Promise<ListedImage> {
  const path = join(folder, name);
  let bytes = 0;
  let mtimeMs = 0;
  try {
    const status = await stat(path).catch(async (error: unknown) => {
      const target = errorCode(error) === 'ENOENT' ? await readlink(path).catch(() => null) : null;
      if (target === null) throw unreadable('image.unreadable', name, error);
      throw new ProblemError({
        code: 'image.brokenLink',
        title: `a symbolic link to ${target}, which does not exist`,
        subject: name,
        hint: 'Put the file where the link points to, or remove the link',
      });
    });
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
    if (!isInside(folder, await realpath(path))) {
      throw new ProblemError({
        code: 'image.outside',
        title: 'a symbolic link to a file outside the folder',
        subject: name,
        hint: 'Only files inside the opened folder are read: copy it here, or open the folder that it is in',
      });
    }
    const header = await readImageHeader(path, name, bytes).catch((error: unknown) => {
      throw errorCode(error) === null ? error : unreadable('image.unreadable', name, error);
    });
    const { width, height, problems } = header;
    return { name, bytes, mtimeMs, width, height, problem: problems[0] ?? null };
  } catch (error) {
    const problem = toProblem(error, { code: 'image.unreadable', subject: name });
    return { name, bytes, mtimeMs, width: 0, height: 0, problem };
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

/**
 * Lists the images of a folder (or of its `images` folder) and reads their headers. An image that cannot be
 * opened is listed with its problem.
 * Throws ProblemError `folder.unreadable` where the folder itself cannot be listed, and the signal's reason.
 */
export async function listImageFolder(
  chosenFolder: string,
  options: ListOptions = {},
): Promise<ImageListing> {
  const chosen = await realpath(chosenFolder).catch((error: unknown) => {
    throw unreadable('folder.unreadable', chosenFolder, error);
  });
  const folder = await findImageFolder(chosen);
  const found: Found = { names: [], others: new Map() };
  await collect(folder, '', 0, found);
  found.names.sort(compareNatural);
  let done = 0;
  const images = await mapConcurrent(found.names, PROBES_AT_ONCE, async (name) => {
    options.signal?.throwIfAborted();
    const image = await lookAt(folder, name);
    options.onProgress?.(++done, found.names.length);
    return image;
  });
  return { chosen, folder, images, problems: images.length === 0 ? [noImages(chosen, found.others)] : [] };
}
