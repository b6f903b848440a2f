import { dataTypes } from './dataType.ts';
import type { InputSize } from './inputFacts.ts';
import type { OnnxModel } from './onnxModel.ts';
import { inferShapes } from './shapes.ts';
import type { EvaluatedNode, GraphFacts } from './shapes.ts';

/** What one node costs. */
export interface LayerCost {
  /** The node's name, or its first output's where it has none. */
  readonly name: string;
  /** `Conv`, `com.microsoft::FusedMatMul`. */
  readonly op: string;
  readonly macs: number;
  /** Parameters that no earlier node has used: shared ones are counted once. */
  readonly params: number;
  /** Undefined where it is not known. */
  readonly outputShape: readonly number[] | undefined;
}

/** What a model costs for one run at one input size. */
export interface MacCount {
  /** Multiply-adds in units of 10^9. */
  readonly gmacs: number;
  readonly macs: number;
  readonly params: number;
  /** Nodes that cost multiply-adds or bring parameters, in the order in which they run. */
  readonly layers: readonly LayerCost[];
  /** What may cost more than was counted, each once: operators that the studio does not know, nodes of unknown shape. */
  readonly uncounted: readonly string[];
}

/**
 * Counts the multiply-adds and parameters of a model at an input size.
 *
 * What counts: one for every multiply-add of matrix products and convolutions, those of attention (Q K^T and its
 * product with V) and the positions in a convolution's padding included. That is what the literature on SegFormer
 * calls FLOPs. Normalisation, activations, pooling, resizing and element-wise sums count nothing. Rows that a
 * student gathers before it multiplies are all that is counted of its weights.
 *
 * Parameters are the elements of the weights that the graph uses, each tensor once: floating-point and quantised
 * constants of more than one element, without running statistics, scales and zero points.
 *
 * @throws ProblemError what inferShapes throws
 */
export function countMacs(model: OnnxModel, size: InputSize): MacCount {
  return countNodes(inferShapes(model, size));
}

/** The same for shapes that are known already. */
export function countNodes(facts: GraphFacts): MacCount {
  const claimed = new Set<string>();
  const layers: LayerCost[] = [];
  const uncounted = new Set<string>(facts.unknownOperators);
  for (const node of facts.nodes) {
    const { call, operator, inputsKnown, outputs } = node;
    const params = claimParameters(node, claimed);
    if (operator?.macs && (!inputsKnown || !outputs[0])) {
      uncounted.add(`${call.op} "${call.name}": its shape is not known`);
    }
    const macs = operator?.macs && inputsKnown && outputs[0] ? operator.macs(call, outputs) : 0;
    if (macs > 0 || params > 0) {
      layers.push({ name: call.name, op: call.op, macs, params, outputShape: outputs[0]?.shape });
    }
  }
  const macs = layers.reduce((total, layer) => total + layer.macs, 0);
  const params = layers.reduce((total, layer) => total + layer.params, 0);
  return { gmacs: macs / 1e9, macs, params, layers, uncounted: [...uncounted] };
}

/** Parameters belong to the first node that computes with them, not to those that copy them on the way. */
function claimParameters({ call, operator }: EvaluatedNode, claimed: Set<string>): number {
  if (operator?.copies) return 0;
  let params = 0;
  for (const [i, input] of call.inputs.entries()) {
    if (!input || operator?.notParameters?.includes(i)) continue;
    for (const weight of input.weights ?? []) {
      // An int32 that nobody dequantised is an index, except where an operator takes its bias so.
      const isIndex =
        weight.type === dataTypes.INT32 && input.type === dataTypes.INT32 && !operator?.int32Parameters;
      if (isIndex || claimed.has(weight.name)) continue;
      claimed.add(weight.name);
      params += weight.elements;
    }
  }
  return params;
}
