import { Worker } from 'node:worker_threads';
import { ProblemError } from '#core/problem.ts';
import type { ListedImage, ListImages } from './imageFolder.ts';
import type { ListingPart } from './listWorker.ts';

/**
 * Lists in a thread of its own: a folder of 100,000 images takes seconds, in which the window's calls go on.
 *
 * @param program the built listWorker
 */
export function listBeside(program: string): ListImages {
  return (folder) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(program, { workerData: { folder } });
      const images: ListedImage[] = [];
      worker.on('message', (part: ListingPart) => {
        switch (part.kind) {
          case 'images':
            images.push(...part.images);
            return;
          case 'end':
            resolve({ ...part.found, images });
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
