import { buildValue } from '../buildModel.ts';
import { dataTypes } from '../dataType.ts';
import { withLayer } from './cutNeurons.ts';
import { emitGelu, emitNorm } from './emitContext.ts';
import type { EmitContext } from './emitContext.ts';
import { neuronsOf } from './segformerGraph.ts';
import type { Gate, Linear } from './segformerGraph.ts';

/** The tensors that a gate gives: int64 [K] indices of the kept neurons and float32 [K] their G. */
export interface EmittedGate {
  readonly gate: Gate;
  readonly kept: string;
  readonly values: string;
  /** How many neurons are kept, over all groups. */
  readonly count: number;
}

/**
 * Emits a gate. Its number of kept neurons per group is an initializer of its own, `NAME.k`, that its TopK alone
 * reads: retargetKeepRatio edits it.
 *
 * @param x the tokens that it looks at, [N, C]
 * @param layer the layer that it gates, as the model has it
 * @param offset what is still to be added to the tokens
 */
export function emitGate(
  context: EmitContext,
  x: string,
  gate: Gate | null,
  layer: Linear,
  offset: Float32Array | null,
): EmittedGate | null {
  const { writer, options, rewrites } = context;
  if (!gate || !options.gates) return null;
  const { name, groups } = gate;
  const tokens = rewrites.gemm ? x : writer.node('Squeeze', [x, writer.ints(0)], `${name}.tokens`);
  let y = writer.node('ReduceMean', [tokens, writer.ints(0)], `${name}.mean`, { keepdims: 1 });
  if (offset)
    y = writer.node('Add', [y, writer.weight(`${name}.offset`, [offset.length], offset)], `${name}.whole`);
  if (gate.norm) y = emitNorm(context, y, `${name}.norm`, gate.norm);
  for (const [i, each] of gateLayers(gate, layer, rewrites.mergeGateLayer).entries()) {
    if (each.activated) y = emitGelu(context, y, `${name}.hidden${i}`, 'gelu');
    const [out = 0, inputs = 0] = each.linear.weight.dims;
    const w = writer.weight(`${name}.fc${i}.weight`, [out, inputs], each.linear.weight.data);
    const bias = each.linear.bias ? [writer.weight(`${name}.fc${i}.bias`, [out], each.linear.bias)] : [];
    y = writer.node('Gemm', [y, w, ...bias], `${name}.fc${i}.out`, { transB: 1 });
  }
  const width = neuronsOf(gate) / groups;
  y = writer.node('Reshape', [y, writer.ints(groups, width)], `${name}.logits`);
  const k = writer.namedInts(`${name}.k`, [gate.kept]);
  const attributes = { axis: -1, largest: 1, sorted: 0 };
  const [top = '', indices = ''] = writer.nodeOf(2, 'TopK', [y, k], `${name}.top`, attributes);
  let absolute = indices;
  if (groups > 1) {
    const starts = Array.from({ length: groups }, (_, g) => g * width);
    absolute = writer.node(
      'Add',
      [indices, columnOfInts(context, `${name}.first`, starts)],
      `${name}.absolute`,
    );
  }
  const kept = writer.node('Reshape', [absolute, writer.ints(-1)], name);
  if (options.exposeGates) writer.output(buildValue(name, [''], dataTypes.INT64));
  const values = writer.node('Reshape', [top, writer.ints(-1)], `${name}.values`);
  return { gate, kept, values, count: groups * gate.kept };
}

function columnOfInts({ writer }: EmitContext, name: string, values: readonly number[]): string {
  const flat = writer.ints(...values);
  return writer.node('Unsqueeze', [flat, writer.ints(1)], name);
}

interface GateLayer {
  readonly linear: Linear;
  /** GELU before it. */
  readonly activated: boolean;
}

function gateLayers(gate: Gate, layer: Linear, merge: boolean): GateLayer[] {
  const activated = (layers: readonly Linear[]) => layers.map((linear, i) => ({ linear, activated: i > 0 }));
  if (!gate.throughLayer) return activated(gate.layers);
  if (merge) return activated(withLayer(gate.layers, layer));
  return [{ linear: layer, activated: false }, ...activated(gate.layers)];
}
