import { countMacs } from '../onnx/countMacs.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { cutNeurons, layerName } from '../onnx/segformer/cutNeurons.ts';
import { emitSegformer } from '../onnx/segformer/emitSegformer.ts';
import { recogniseSegformer } from '../onnx/segformer/recogniseSegformer.ts';
import { gatesOf, keptCount, neuronsOf } from '../onnx/segformer/segformerGraph.ts';
import type { Gate, SegformerGraph } from '../onnx/segformer/segformerGraph.ts';
import { storeExactHalves } from '../onnx/storeExactHalves.ts';
import { writeOnnx } from '../onnx/writeOnnx.ts';
import { ProblemError } from '../problem.ts';
import type { CutReport, CutStudent } from './cutReport.ts';
import type { GateStatistics } from './gateStatistics.ts';
import { neuronsToKeep } from './neuronsToKeep.ts';
import { withGates } from '../prune/withGates.ts';

/** To be read and recognised again, by other tools too, and with the weights as the file has them. */
const PORTABLE = {
  backend: 'webgpu',
  rewrites: { mergeProjections: false, mergeGateLayer: false },
} as const;

/** Parameters do not depend on it. */
const ANY_SIZE = { height: 128, width: 192 };

export interface CutOptions {
  readonly model: OnnxModel;
  /** Of the model's file. */
  readonly bytes: number;
  /** What the gates did at `keepRatio`. */
  readonly statistics: GateStatistics;
  /** null: as the file has it. */
  readonly keepRatio: number | null;
}

/** A student without its never kept neurons; whether it says the same is still to be seen. */
export type CutWithoutCheck = Omit<CutStudent, 'report'> & {
  readonly report: Omit<CutReport, 'equivalence'>;
};

/**
 * Takes the neurons out of a student for good that none of the counted images kept. On these images its gates choose
 * as before, among fewer, so it computes the same; on others it cannot choose what is gone.
 *
 * @throws ProblemError `cut.notStudent`, `cut.nothing`
 */
export function cutStudent({ model, bytes, statistics, keepRatio }: CutOptions): CutWithoutCheck {
  const recognition = recogniseSegformer(model);
  if (!recognition.recognised || gatesOf(recognition.graph).length === 0) {
    throw new ProblemError({
      code: 'cut.notStudent',
      subject: model.subject,
      title: recognition.recognised
        ? 'it has no gates, so there is no neuron that they never keep'
        : `it is not a student that can be cut: ${recognition.where} is not ${recognition.expected}`,
      hint: 'Choose a student of this studio, or prune a model to get one',
    });
  }
  const cuts = neuronsToKeep(statistics);
  if (cuts.every(({ cut }) => cut === 0)) {
    throw new ProblemError({
      code: 'cut.nothing',
      subject: model.subject,
      title: `every neuron is kept by some of the ${statistics.images} images`,
      hint: 'A lower keep ratio leaves more neurons out',
    });
  }
  const graph = keepRatio === null ? recognition.graph : atRatio(recognition.graph, keepRatio);
  const kept = new Map(
    cuts
      .filter(({ cut }) => cut > 0)
      .map(({ layer, left }) => [layerName(layer.stage, layer.block, layer.kind), left]),
  );
  const cut = cutNeurons(graph, kept);
  const student = emitSegformer(cut, PORTABLE);
  const { params } = countMacs(student, ANY_SIZE);
  storeExactHalves(student);
  const gates = new Map(gatesOf(cut).map((gate) => [gate.name, gate]));
  return {
    onnx: writeOnnx(student),
    parameters: params,
    gates: cuts.map(({ layer, left }) => {
      const gate = gates.get(layer.name);
      return { ...layer, neurons: left.length, kept: gate ? gate.kept * gate.groups : left.length };
    }),
    report: {
      keepRatio,
      images: statistics.images,
      layers: cuts.map(({ layer, never, cut }) => ({ ...layer, never, cut })),
      parametersBefore: countMacs(model, ANY_SIZE).params,
      bytesBefore: bytes,
    },
  };
}

function atRatio(graph: SegformerGraph, ratio: number): SegformerGraph {
  const at = (gate: Gate | null): Gate | null =>
    gate && { ...gate, kept: keptCount(neuronsOf(gate) / gate.groups, ratio) };
  return {
    ...graph,
    stages: graph.stages.map((stage) => ({
      ...stage,
      blocks: stage.blocks.map((block) =>
        withGates(block, {
          qk: at(block.attention.qkGate),
          v: at(block.attention.vGate),
          ffn: at(block.ffn.gate),
        }),
      ),
    })),
  };
}
