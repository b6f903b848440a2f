import type { Gate, GateKind } from '../onnx/segformer/segformerGraph.ts';
import { fitRidge } from './algebra/fitRidge.ts';
import type { LayerStatistics } from './blockStatistics.ts';

export interface FittedGate {
  /** Keeps every neuron: set `kept`. */
  readonly gate: Gate;
  /** Share of the energies' variance over images that the gate cannot foresee: 1 where it chooses the same always. */
  readonly unexplained: number;
}

/**
 * A gate in closed form: each neuron's energy as an affine function of the pooled tokens, by ridge regression over
 * the calibration images. The neurons with the largest predicted energies are then those whose absence is expected to
 * cost least squares most.
 *
 * @param groups equal parts of the neurons in which the same number is kept: the heads; 1 for a Mix-FFN
 */
export function fitGate(
  statistics: LayerStatistics,
  { kind, name, groups }: { kind: GateKind; name: string; groups: number },
): FittedGate {
  const { weight, bias, unexplained } = fitRidge(statistics.summaries, statistics.energies);
  // In units of the mean energy: float32 then holds what energies of any scale say.
  const { data } = statistics.energies;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const unit = mean > 0 ? mean : 1;
  const gate: Gate = {
    kind,
    name,
    groups,
    kept: weight.rows / groups,
    norm: null,
    throughLayer: false,
    layers: [
      {
        weight: {
          dims: [weight.rows, weight.cols],
          data: Float32Array.from(weight.data, (value) => value / unit),
        },
        bias: Float32Array.from(bias, (value) => value / unit),
      },
    ],
    scales: false,
    means: statistics.means,
  };
  return { gate, unexplained };
}

/** The neurons of `gate` in the order in which it would keep them, group by group, for one image's summary [C]. */
export function rankNeurons(gate: Gate, summary: ArrayLike<number>): Int32Array {
  const layer = gate.layers[0]!;
  const [neurons = 0, channels = 0] = layer.weight.dims;
  const scores = new Float64Array(neurons);
  for (let j = 0; j < neurons; j++) {
    let sum = layer.bias?.[j] ?? 0;
    for (let c = 0; c < channels; c++) sum += layer.weight.data[j * channels + c]! * summary[c]!;
    scores[j] = sum;
  }
  const width = neurons / gate.groups;
  const order = Int32Array.from({ length: neurons }, (_, j) => j);
  for (let g = 0; g < gate.groups; g++) {
    order.subarray(g * width, (g + 1) * width).sort((a, b) => scores[b]! - scores[a]! || a - b);
  }
  return order;
}

/**
 * Energy lost, as the mean over images, when `gate` keeps k neurons of each group: [width + 1], index k. It falls to
 * 0 at k = width.
 */
export function lostEnergy(gate: Gate, { summaries, energies }: LayerStatistics): Float64Array {
  const neurons = energies.cols;
  const width = neurons / gate.groups;
  const lost = new Float64Array(width + 1);
  for (let i = 0; i < energies.rows; i++) {
    const order = rankNeurons(gate, summaries.data.subarray(i * summaries.cols, (i + 1) * summaries.cols));
    order.forEach((neuron, at) => {
      // The neuron at place p of its group is lost while fewer than p + 1 are kept.
      lost[at % width]! += energies.data[i * neurons + neuron]! / energies.rows;
    });
  }
  for (let k = width - 1; k >= 0; k--) lost[k]! += lost[k + 1]!;
  return lost;
}
