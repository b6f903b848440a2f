import { seededRandom } from '../../../mask/seededRandom.ts';
import type {
  Attention,
  Block,
  Gate,
  GateKind,
  Linear,
  MlpHead,
  Norm,
  SegformerGraph,
  Weight,
} from '../segformerGraph.ts';

/** How a random model's gates are made; null: it has none. */
export interface RandomGates {
  readonly form: 'throughLayer' | 'direct';
  readonly keepRatio: number;
}

const depths = [1, 2, 1, 1];
const heads = [1, 2, 5, 8];
const reductions = [8, 4, 2, 1];
const classes = 5;

interface RandomWidths {
  /** Channels of the four stages; multiples of 1, 2, 5 and 8. */
  readonly stages: readonly number[];
  readonly decoder: number;
}

const ODD_WIDTHS: RandomWidths = { stages: [8, 16, 20, 32], decoder: 12 };

/** A small SegFormer with every part that there is, its activations of the size of a trained one's. */
export function randomSegformer(
  seed: number,
  gates: RandomGates | null = null,
  { stages: widths, decoder: decoderWidth } = ODD_WIDTHS,
): SegformerGraph {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const values = (size: number, mean: number, deviation: number) =>
    Float32Array.from({ length: size }, () => mean + deviation * normal());
  const weight = (...dims: number[]): Weight => {
    const inputs = dims.slice(1).reduce((product, dim) => product * dim, 1);
    return { dims, data: values((dims[0] ?? 0) * inputs, 0, inputs ** -0.5) };
  };
  const linear = (out: number, inputs: number): Linear => ({
    weight: weight(out, inputs),
    bias: values(out, 0, 0.1),
  });
  const norm = (size: number): Norm => ({
    scale: values(size, 1, 0.2),
    bias: values(size, 0, 0.2),
    epsilon: Math.fround(1e-5),
  });
  const conv = (out: number, inputs: number, kernel: number, stride: number, padding: number) => ({
    weight: weight(out, inputs, kernel, kernel),
    bias: values(out, 0, 0.1),
    stride,
    padding,
  });
  const gate = (
    kind: GateKind,
    s: number,
    b: number,
    width: number,
    neurons: number,
    groups: number,
  ): Gate | null => {
    if (!gates) return null;
    const through = gates.form === 'throughLayer';
    return {
      kind,
      name: `gate.${s}.${b}.${kind}`,
      groups,
      kept: Math.max(1, Math.round((gates.keepRatio * neurons) / groups)),
      norm: through ? norm(width) : null,
      throughLayer: through,
      layers: through ? [linear(4, neurons), linear(neurons, 4)] : [linear(neurons, width)],
      scales: through,
      means: through || kind === 'qk' ? null : values(neurons, 0, 0.3),
    };
  };
  const attention = (s: number, b: number): Attention => {
    const c = widths[s]!;
    const h = heads[s]!;
    return {
      heads: h,
      scale: (c / h) ** -0.5,
      query: linear(c, c),
      key: linear(c, c),
      value: linear(c, c),
      output: linear(c, c),
      reduction:
        reductions[s]! > 1 ? { conv: conv(c, c, reductions[s]!, reductions[s]!, 0), norm: norm(c) } : null,
      qkGate: gate('qk', s, b, c, c, h),
      vGate: gate('v', s, b, c, c, h),
    };
  };
  const block = (s: number, b: number): Block => {
    const c = widths[s]!;
    return {
      norm1: norm(c),
      attention: attention(s, b),
      norm2: norm(c),
      ffn: {
        fc1: linear(4 * c, c),
        depthwise: conv(4 * c, 1, 3, 1, 1),
        activation: 'gelu',
        fc2: linear(c, 4 * c),
        gate: gate('ffn', s, b, c, 4 * c, 1),
      },
    };
  };
  const head: MlpHead = {
    kind: 'mlp',
    projections: widths.map((c) => linear(decoderWidth, c)),
    fuse: widths.map(() => weight(decoderWidth, decoderWidth)),
    fuseBias: null,
    norm: { scale: values(decoderWidth, 1, 0.2), shift: values(decoderWidth, 0, 0.2) },
    classifier: linear(classes, decoderWidth),
  };
  return {
    inputName: 'pixel_values',
    outputName: 'logits',
    fixedSize: null,
    stages: widths.map((c, s) => ({
      embedding: {
        conv: s === 0 ? conv(c, 3, 7, 4, 3) : conv(c, widths[s - 1]!, 3, 2, 1),
        norm: norm(c),
      },
      blocks: Array.from({ length: depths[s]! }, (_, b) => block(s, b)),
      norm: norm(c),
    })),
    head,
  };
}
