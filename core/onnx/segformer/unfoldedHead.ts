import type { InputSize } from '../inputFacts.ts';
import type { SegformerGraph } from './segformerGraph.ts';

/**
 * Multiply-adds that a folded head saves: those of the published head, which projects each of the S stages to the D
 * channels of the decoder, upsamples, joins and fuses them by a 1x1 convolution at the first stage's h x w positions,
 * S D^2 h w. A head that is not folded saves none.
 *
 * @param size of the input, pixels
 */
export function savedByFolding({ stages, head }: SegformerGraph, size: InputSize): number {
  const first = stages[0]?.embedding.conv;
  if (head.kind !== 'folded' || !first) return 0;
  const kernel = first.weight.dims[2] ?? 1;
  const positions = (side: number) => Math.floor((side + 2 * first.padding - kernel) / first.stride) + 1;
  return stages.length * head.bias.length ** 2 * positions(size.height) * positions(size.width);
}
