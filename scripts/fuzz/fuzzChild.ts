import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FuzzRandom, seedOf } from '#core/fuzz/fuzzRandom.ts';
import type { FuzzKind, FuzzTarget } from './fuzzKind.ts';
import { jsonTarget } from './jsonTarget.ts';
import { onnxTarget } from './onnxTarget.ts';
import { pictureTarget, pngTarget } from './pictureTargets.ts';
import { projectTarget } from './projectTarget.ts';
import { rleTarget } from './rleTarget.ts';
import { guardWrites } from './writeGuard.ts';
import { zipTarget } from './zipTarget.ts';

/** What the parent wants: inputs `from` to `to` (not included) of a kind. */
export interface FuzzOrder {
  readonly kind: FuzzKind;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The only folder that may be written to, three levels below the one that nothing may appear in. */
  readonly folder: string;
}

/** `begin` before each input, then how it went. `processorMs`: of this process, whatever else the machine does. */
export type FuzzReport =
  | { readonly type: 'begin'; readonly index: number }
  | { readonly type: 'end'; readonly index: number; readonly accepted: boolean; readonly processorMs: number }
  | { readonly type: 'defect'; readonly index: number; readonly what: string }
  | { readonly type: 'done' };

const TARGETS: Readonly<Record<FuzzKind, () => FuzzTarget>> = {
  png: pngTarget,
  picture: pictureTarget,
  rle: rleTarget,
  json: jsonTarget,
  zip: zipTarget,
  onnx: onnxTarget,
  project: projectTarget,
};

const LEVELS = 3;

/** Sent, not merely queued: a child that dies right after has said what it was at. */
const say = (report: FuzzReport) =>
  new Promise<void>((resolve, reject) => {
    process.send!(report, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });

/** Files that a `../` has put beside the folder, not into it. */
function escaped(folder: string): string | undefined {
  let below = folder;
  for (let level = 0; level < LEVELS; level++) {
    const above = join(below, '..');
    const stranger = readdirSync(above).find((name) => join(above, name) !== below);
    if (stranger !== undefined) return join(above, stranger);
    below = above;
  }
  return undefined;
}

async function work({ kind, seed, from, to, folder }: FuzzOrder): Promise<void> {
  const guard = guardWrites(folder);
  const target = TARGETS[kind]();
  await target.prepare?.(folder);
  for (let index = from; index < to; index++) {
    await say({ type: 'begin', index });
    const random = new FuzzRandom(seedOf(seed, kind, index));
    const before = process.cpuUsage();
    try {
      const accepted = await target.run(random, folder);
      const { user, system } = process.cpuUsage(before);
      const outside = guard.refused.splice(0)[0] ?? escaped(folder);
      if (outside !== undefined) throw new Error(`it writes outside of the folder: ${outside}`);
      await say({ type: 'end', index, accepted: accepted > 0, processorMs: (user + system) / 1000 });
    } catch (error) {
      await say({
        type: 'defect',
        index,
        what: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }
  await say({ type: 'done' });
  process.disconnect();
}

process.once('message', (order) => void work(order as FuzzOrder));
