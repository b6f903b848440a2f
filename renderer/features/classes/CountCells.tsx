import type { ClassCount } from '#core/labels/classUsage.ts';
import { percent } from '../../ui/format.ts';
import { pixelCount } from './pixelCount.ts';

/** Masks and pixels of a class; empty while they are counted. */
export function CountCells({ count, total }: { readonly count: ClassCount | null; readonly total: number }) {
  return (
    <>
      <span role="cell" className="classes-number">
        {count?.images ?? '…'}
      </span>
      <span
        role="cell"
        className="classes-number"
        title={count ? `${pixelCount(count.pixels)} pixels` : undefined}
      >
        {!count ? '…' : count.pixels === 0 ? '–' : percent(count.pixels / total)}
      </span>
    </>
  );
}
