import { multiplyMatrices, multiplyVector } from './algebra.ts';
import type { FoldedHead, MlpHead } from './segformerGraph.ts';

/**
 * The head with one matrix per stage. Projection, fusing convolution and BatchNorm are linear, and a 1x1 convolution
 * commutes with bilinear upsampling (the weights of which add up to one, so biases may be added before it too).
 */
export function foldHead(head: MlpHead | FoldedHead): FoldedHead {
  if (head.kind === 'folded') return head;
  const width = head.fuse[0]?.dims[0] ?? 0;
  const scale = head.norm?.scale ?? new Float32Array(width).fill(1);
  const bias = Float64Array.from(head.fuseBias ?? new Float64Array(width));
  const stages = head.fuse.map((fuse, s) => {
    const projection = head.projections[s]!;
    if (projection.bias) {
      multiplyVector(fuse, projection.bias).forEach((value, d) => (bias[d] = bias[d]! + value));
    }
    const { dims, data } = multiplyMatrices(fuse, projection.weight);
    const columns = dims[1] ?? 1;
    return { dims, data: data.map((value, i) => value * scale[Math.floor(i / columns)]!) };
  });
  const shifted = bias.map((value, d) => value * scale[d]! + (head.norm?.shift[d] ?? 0));
  return { kind: 'folded', stages, bias: Float32Array.from(shifted), classifier: head.classifier };
}
