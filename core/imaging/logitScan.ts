import type { Logits } from './logits.ts';

/** The two passes over all logits of the postprocessing. */
export interface LogitScan {
  /**
   * The class with the largest logit of each position, of equal ones the lowest; 0 where none is above minus
   * infinity. NaN is never the largest.
   */
  winners(source: Logits): Uint16Array;
  /**
   * Tells of every class in ascending order, where there are any, the positions whose logit is not below the bar
   * there, ascending; NaN counts as below. `positions` is valid during the call.
   *
   * @param bars float32 [height, width]
   */
  forEachAbove(source: Logits, bars: Float32Array, visit: (id: number, positions: Int32Array) => void): void;
}

/** For engines without WebAssembly SIMD, and what the kernels are held against. */
export const plainLogitScan: LogitScan = {
  winners({ logits, classes, height, width }) {
    const positions = width * height;
    const best = new Float32Array(positions).fill(-Infinity);
    const winners = new Uint16Array(positions);
    for (let id = 0, at = 0; id < classes; id++) {
      for (let position = 0; position < positions; position++, at++) {
        const value = logits[at]!;
        if (value > best[position]!) {
          best[position] = value;
          winners[position] = id;
        }
      }
    }
    return winners;
  },
  forEachAbove({ logits, classes, height, width }, bars, visit) {
    const positions = width * height;
    const found = new Int32Array(positions);
    for (let id = 0, at = 0; id < classes; id++) {
      let count = 0;
      for (let position = 0; position < positions; position++, at++) {
        if (logits[at]! >= bars[position]!) found[count++] = position;
      }
      if (count > 0) visit(id, found.subarray(0, count));
    }
  },
};
