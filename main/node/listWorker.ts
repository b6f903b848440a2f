import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { toProblem, type Problem } from '#core/problem.ts';
import { scanImageFolder, type ListedImage, type ScannedFolder } from './imageFolder.ts';

/** What the thread says, in this order. */
export type ListingPart =
  | { readonly kind: 'images'; readonly images: readonly ListedImage[] }
  | { readonly kind: 'end'; readonly found: ScannedFolder }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** What listBeside starts, as a program of its own: a share of one folder, then the thread ends. */
const { folder, share } = z
  .object({ folder: z.string(), share: z.object({ index: z.number(), of: z.number() }) })
  .parse(workerData);
const say = (part: ListingPart) => parentPort?.postMessage(part);

try {
  const found = scanImageFolder(folder, (images) => say({ kind: 'images', images }), share);
  say({ kind: 'end', found });
} catch (error) {
  say({ kind: 'problem', problem: toProblem(error, { code: 'folder.unreadable', subject: folder }) });
}
