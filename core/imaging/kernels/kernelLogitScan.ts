import type { Logits } from '../logits.ts';
import type { LogitScan } from '../logitScan.ts';
import type { ImagingKernels } from './imagingKernels.ts';

/** Bytes of logits that are put into the kernels' memory at a time. */
const PART = 2 ** 20;

/** The passes over all logits by the kernels. */
export function kernelLogitScan(kernels: ImagingKernels): LogitScan {
  return {
    winners(source) {
      const positions = source.width * source.height;
      const best = kernels.put(new Float32Array(positions).fill(-Infinity));
      const winners = kernels.put(new Int32Array(positions));
      forEachPart(kernels, source, (planes, firstId, count) => {
        kernels.run.maximise(planes, count, positions, firstId, best, winners);
      });
      const ids = Uint16Array.from(kernels.int32(winners, positions));
      kernels.clear();
      return ids;
    },
    forEachAbove(source, bars, visit) {
      const positions = source.width * source.height;
      const limits = kernels.put(bars);
      const found = kernels.take(positions * 4);
      forEachPart(kernels, source, (planes, firstId, count) => {
        for (let index = 0; index < count; index++) {
          const above = kernels.run.findAbove(planes + index * positions * 4, limits, positions, found);
          if (above > 0) visit(firstId + index, kernels.int32(found, above));
        }
      });
      kernels.clear();
    },
  };
}

/** Puts the planes of some classes after the other into memory, always at the same address. */
function forEachPart(
  kernels: ImagingKernels,
  { logits, classes, width, height }: Logits,
  visit: (planes: number, firstId: number, count: number) => void,
): void {
  const positions = width * height;
  const step = Math.max(1, Math.min(classes, Math.floor(PART / (positions * 4))));
  const planes = kernels.take(step * positions * 4);
  for (let id = 0; id < classes; id += step) {
    const count = Math.min(step, classes - id);
    const values = logits.subarray(id * positions, (id + count) * positions);
    kernels.float32(planes, values.length).set(values);
    visit(planes, id, count);
  }
}
