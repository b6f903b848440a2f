import type { Segmentation } from '../inference/segment.ts';
import type { Equivalence } from './cutReport.ts';

/** Adds up what two forms of a model say of the same pictures. */
export class EquivalenceTally {
  private tally: Equivalence = {
    images: 0,
    equalImages: 0,
    differentPixels: 0,
    pixels: 0,
    largestLogitDifference: 0,
  };

  get result(): Equivalence {
    return this.tally;
  }

  /** Both of one picture, at the same settings. */
  add(a: Pick<Segmentation, 'classMap' | 'logits'>, b: Pick<Segmentation, 'classMap' | 'logits'>): void {
    let different = 0;
    const { ids } = a.classMap;
    for (let n = 0; n < ids.length; n++) if (ids[n] !== b.classMap.ids[n]) different++;
    let largest = this.tally.largestLogitDifference;
    const { logits } = a.logits;
    for (let n = 0; n < logits.length; n++) {
      const difference = Math.abs(logits[n]! - b.logits.logits[n]!);
      if (difference > largest) largest = difference;
    }
    this.tally = {
      images: this.tally.images + 1,
      equalImages: this.tally.equalImages + (different === 0 ? 1 : 0),
      differentPixels: this.tally.differentPixels + different,
      pixels: this.tally.pixels + ids.length,
      largestLogitDifference: largest,
    };
  }
}
