import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { toProblem, type Problem } from '#core/problem.ts';
import { scanImageFolder, type ImageListing, type ListedImage } from './imageFolder.ts';

/** What the thread says, in this order. */
export type ListingPart =
  | { readonly kind: 'images'; readonly images: readonly ListedImage[] }
  | { readonly kind: 'end'; readonly found: Omit<ImageListing, 'images'> }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** What listBeside starts, as a program of its own: one folder, then the thread ends. */
const { folder } = z.object({ folder: z.string() }).parse(workerData);
const say = (part: ListingPart) => parentPort?.postMessage(part);

try {
  say({ kind: 'end', found: scanImageFolder(folder, (images) => say({ kind: 'images', images })) });
} catch (error) {
  say({ kind: 'problem', problem: toProblem(error, { code: 'folder.unreadable', subject: folder }) });
}
