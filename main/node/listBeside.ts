import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ProblemError } from '#core/problem.ts';
import type { ListedImage, ListImages, ListingShare, ScannedFolder } from './imageFolder.ts';
import type { ListingPart } from './listWorker.ts';

/** More would wait for the disk. */
const MOST_THREADS = 2;

interface SeenShare {
  readonly found: ScannedFolder;
  readonly images: ListedImage[];
}

/**
 * Lists in threads of their own: a folder of 100,000 images takes seconds, in which the window's calls go on.
 *
 * @param program the built listWorker
 * @param threads default: as many as there are processors, but few
 */
export function listBeside(
  program: string,
  threads = Math.min(MOST_THREADS, Math.max(1, cpus().length)),
): ListImages {
  return async (folder) => {
    const shares = Array.from({ length: threads }, (_, index) => ({ index, of: threads }));
    let seen = await Promise.all(shares.map((share) => listShare(program, folder, share)));
    if (seen.some(({ found }) => found.digest !== seen[0]!.found.digest)) {
      // The folder changed between the two looks.
      seen = [await listShare(program, folder, { index: 0, of: 1 })];
    }
    return { ...seen[0]!.found, images: seen.flatMap(({ images }) => images) };
  };
}

function listShare(program: string, folder: string, share: ListingShare): Promise<SeenShare> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: { folder, share } });
    const images: ListedImage[] = [];
    worker.on('message', (part: ListingPart) => {
      switch (part.kind) {
        case 'images':
          images.push(...part.images);
          return;
        case 'end':
          resolve({ found: part.found, images });
          return;
        case 'problem':
          reject(new ProblemError(part.problem));
          return;
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the listing of ${folder} ended with ${code}`)));
  });
}
