import type { RecordedGates } from '../gates/recordedGates.ts';
import type { Logits } from '../imaging/postprocess.ts';
import type { PreparedInput } from './prepareInput.ts';
import { segmentPrepared, type RunOptions, type Segmentation } from './segment.ts';

/** What one run of a session gives. */
export interface GatedLogits extends Logits {
  /** Which neurons of which layers were computed; null for a model whose graph does not say. */
  readonly gates: RecordedGates | null;
}

/** A segmentation with what the gates of a student did for it. */
export interface GatedSegmentation extends Segmentation {
  /** null for a model whose graph does not say, and of a picture in several tiles. */
  readonly gates: RecordedGates | null;
}

interface GatedRunOptions extends RunOptions {
  readonly runSession: (pixelValues: Float32Array, height: number, width: number) => Promise<GatedLogits>;
}

/** segmentPrepared, and what the gates did. */
export async function segmentGated(
  input: PreparedInput,
  options: GatedRunOptions,
): Promise<GatedSegmentation> {
  let gates: RecordedGates | null = null;
  const segmentation = await segmentPrepared(input, {
    ...options,
    runSession: async (pixelValues, height, width) => {
      const answer = await options.runSession(pixelValues, height, width);
      ({ gates } = answer);
      return answer;
    },
  });
  return { ...segmentation, gates: segmentation.tiles === 1 ? gates : null };
}
