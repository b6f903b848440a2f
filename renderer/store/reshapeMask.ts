import { createRegion, type Region } from '#core/disputes/region.ts';
import type { MaskRaster } from '#core/mask/maskRaster.ts';
import { unpackPatch } from '#core/mask/packedPatch.ts';
import type { MaskPatch } from '#core/mask/patch.ts';
import { copyIds } from './copyIds.ts';
import { runMaskJob } from './maskWorkerClient.ts';
import { createControl, shareDone, stopWork, type ReshapeRequest } from './reshapeJob.ts';

export interface Reshaped {
  readonly region: Region | null;
  /** null where no pixel changes. */
  readonly patch: MaskPatch | null;
}

const TOLD_EVERY_MS = 100;

/**
 * What reshaping would change of a mask, found on a copy of it off the window's thread. `tell` hears how much is
 * done, 0 to 1. null where `signal` aborted meanwhile. Throws ProblemErrors.
 */
export async function reshapeMask(
  raster: MaskRaster,
  request: ReshapeRequest,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (share: number) => void },
): Promise<Reshaped | null> {
  const control = createControl();
  const timer = setInterval(() => tell(shareDone(control)), TOLD_EVERY_MS);
  // The other thread stops a moment later: until then nothing more is to be told.
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    stopWork(control);
  });
  try {
    const { width, height, ignoreId, writableIds: writable } = raster;
    const ids = await copyIds(raster.ids);
    if (signal.aborted) return null;
    const job = { ...request, width, height, ids, ignoreId, writable, control };
    const { region, patch } = await runMaskJob('reshape', job);
    if (isAborted(signal)) return null;
    return { region: region && createRegion(region), patch: patch && unpackPatch(patch) };
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Asked again after waiting: it may have changed. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
