import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveModel } from '../main/node/modelCatalog.ts';
import { decodeImageFile } from '../main/node/decodeImage.ts';
import { listImageFolder } from '../main/node/imageFolder.ts';
import { defaultModel } from '../cli/defaultModel.ts';
import { medianOf } from '../cli/inference/medianOf.ts';
import { NodeSession } from '../cli/inference/nodeSession.ts';
import { catalogFile } from '../cli/repositoryFiles.ts';

/*
 * Teacher and student of the catalogue in turn on the sample images, so that a machine that slows down slows
 * both: medians, and the median of the ratios image by image. `npm run bench`; a folder may be named.
 */
const WARM_UP = 2;
const ROUNDS = 3;

const folder = process.argv[2] ?? fileURLToPath(new URL('../samples', import.meta.url));
const listing = await listImageFolder(folder);
const open = async (role: 'teacher' | 'student') =>
  NodeSession.create(await resolveModel(await defaultModel(role), catalogFile));
const sessions = [await open('teacher'), await open('student')] as const;
const steps = ['preprocess', 'inference', 'postprocess'] as const;
const times = sessions.map(() => new Map<string, number[]>(steps.map((step) => [step, []])));
const ratios: number[] = [];
const macs = [0, 0];

for (let round = 0; round < ROUNDS; round++) {
  for (const [index, entry] of listing.images.entries()) {
    if (entry.problem?.severity === 'error') continue;
    const image = await decodeImageFile(await readFile(join(listing.folder, entry.name)), entry.name);
    const inference: number[] = [];
    for (const [which, session] of sessions.entries()) {
      const result = await session.segment(image);
      const { timings } = result;
      inference.push(timings.inference);
      macs[which] = session.macs(result);
      if (round > 0 || index >= WARM_UP)
        for (const step of steps) times[which]?.get(step)?.push(timings[step]);
    }
    if (round > 0 || index >= WARM_UP) ratios.push((inference[0] ?? NaN) / (inference[1] ?? NaN));
  }
}

console.log(`${basename(folder)}: ${listing.images.length} images, ${ROUNDS} rounds, medians in ms`);
console.log(
  `${'model'.padEnd(32)}${steps.map((step) => step.padStart(13)).join('')}${'G mult-adds'.padStart(13)}`,
);
for (const [which, { model }] of sessions.entries()) {
  const medians = steps.map((step) =>
    medianOf(times[which]?.get(step) ?? [])
      .toFixed(1)
      .padStart(13),
  );
  console.log(
    `${model.id.padEnd(32)}${medians.join('')}${((macs[which] ?? NaN) / 1e9).toFixed(2).padStart(13)}`,
  );
}
console.log(
  `inference, teacher / student: ${medianOf(ratios).toFixed(2)} (median of ${ratios.length} pairs)`,
);
for (const session of sessions) await session.release();
