import { Attributes } from '../attributes.ts';
import { normaliseDomain } from '../onnxModel.ts';
import type { OnnxModel } from '../onnxModel.ts';
import { findPictureInput } from '../inputFacts.ts';
import type { NodeProto } from '../proto/onnx.generated.ts';
import { inferShapes } from '../shapes.ts';
import type { GraphFacts } from '../shapes.ts';
import { channelMean } from './combine.ts';
import { Constants } from './constants.ts';
import { allRows } from './expression.ts';
import type { Expression, GateChoice } from './expression.ts';
import {
  reshapeLayout,
  sameLayout,
  shapeOf,
  sizeOf,
  transposeLayout,
  wholeAxis,
  wholeAxisOf,
} from './layout.ts';
import type { Layout } from './layout.ts';
import { liftArithmetic } from './liftElementwise.ts';
import { liftAttention, liftConv, liftGemm, liftMatMul, vectorOf } from './liftProducts.ts';
import { arePositions, axisOf, channelAxis, imageLayout, NotUnderstood } from './values.ts';
import type { MapValue, Value } from './values.ts';

/** Height and width at which a model of any size is looked at: large enough that no axis is one position. */
const lookSize = { height: 128, width: 192 };

/** Every tensor of a graph that depends on the picture, as what it means. */
export class LiftedGraph {
  readonly #constants: Constants;
  readonly #facts: GraphFacts;
  readonly #values = new Map<string, Value>();

  /** @throws ProblemError what inferShapes throws */
  constructor(model: OnnxModel, size: { height: number; width: number } = lookSize) {
    this.#facts = inferShapes(model, size);
    this.#constants = new Constants(model, this.#facts);
    const picture = findPictureInput(model);
    const layout = imageLayout(3, size.height, size.width);
    this.#values.set(picture.name, { kind: 'map', of: { kind: 'image' }, layout });
    for (const node of model.proto.graph?.node ?? []) this.#lift(node);
  }

  /** undefined for constants and for what does not depend on the picture. */
  map(name: string): MapValue | undefined {
    const value = this.#values.get(name);
    return value?.kind === 'map' ? value : undefined;
  }

  #value(name: string | undefined): Value | undefined {
    if (name === undefined || name === '') return undefined;
    return this.#values.get(name) ?? this.#constants.find(name);
  }

  #lift(node: NodeProto): void {
    const domain = normaliseDomain(node.domain);
    const op = domain === '' ? node.opType : `${domain}::${node.opType}`;
    if (!node.input.some((name) => this.#values.has(name)) || op === 'Shape' || op === 'Size') return;
    try {
      const values = this.#understand(op, node);
      for (const [i, name] of node.output.entries()) {
        const value = values[i];
        if (value && name !== '') this.#values.set(name, value);
        if (value?.kind === 'kept') value.gate.names.push(name);
      }
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      const where = `${op} "${node.name || (node.output[0] ?? '')}"`;
      for (const name of node.output) this.#setUnknown(name, where, error.message);
    }
  }

  /** What comes of an unknown is the same unknown: the first cause is what is reported. */
  #setUnknown(name: string, where: string, why: string): void {
    const layout = this.#facts.values.get(name)?.shape.map(() => []) ?? [];
    this.#values.set(name, { kind: 'map', of: { kind: 'unknown', where, why }, layout });
  }

  #understand(op: string, node: NodeProto): readonly (Value | undefined)[] {
    const attributes = new Attributes(node);
    const inputs = node.input.map((name) => this.#value(name));
    for (const input of inputs) {
      if (input?.kind === 'map' && input.of.kind === 'unknown') return node.output.map(() => input);
    }
    const [a, b, c] = inputs;
    const named = node.output.find((name) => name !== '') ?? '';
    const shape = this.#facts.values.get(named)?.shape;
    if (!a) throw new NotUnderstood('its first input is neither a map nor a constant');
    switch (op) {
      case 'Conv':
        if (a.kind !== 'map' || !b) throw new NotUnderstood('a convolution without constant weights');
        return [liftConv(a, b, c, attributes)];
      case 'Gemm':
        if (!b) throw new NotUnderstood('a Gemm of one matrix');
        return [liftGemm(a, b, c, attributes)];
      case 'MatMul':
        if (!b) throw new NotUnderstood('a MatMul of one matrix');
        return [liftMatMul(a, b)];
      case 'Attention':
        return [liftAttention(inputs, attributes)];
      case 'Add':
      case 'Sub':
      case 'Mul':
      case 'Div':
      case 'Pow':
        if (!b) throw new NotUnderstood('its second input is neither a map nor a constant');
        return [liftArithmetic(op, a, b)];
      case 'Sum':
        return [inputs.slice(1).reduce((total, each) => liftArithmetic('Add', total!, each!), a)];
      case 'Gather':
        return [gatherRows(a, b, attributes)];
      case 'Identity':
      case 'Cast':
      case 'Dropout':
        return [a];
      case 'Reshape':
      case 'Flatten':
      case 'Squeeze':
      case 'Unsqueeze':
        return [reshaped(a, shape)];
      case 'Slice':
      case 'Expand':
        return [unchanged(a, shape)];
      default:
        if (a.kind !== 'map') throw new NotUnderstood('not an operator of a SegFormer');
        return this.#ofOneMap(op, a, inputs, attributes, shape);
    }
  }

  #ofOneMap(
    op: string,
    x: MapValue,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    shape: readonly number[] | undefined,
  ): readonly (Value | undefined)[] {
    const elementwise = (of: Expression) => [{ ...x, of }];
    switch (op) {
      case 'Transpose': {
        const order = attributes.ints('perm') ?? x.layout.map((_, d) => x.layout.length - 1 - d);
        return [{ ...x, layout: transposeLayout(x.layout, order) }];
      }
      case 'LayerNormalization':
        return [layerNormalised(x, inputs, attributes)];
      case 'BatchNormalization':
        return [batchNormalised(x, inputs, attributes)];
      case 'ReduceMean':
      case 'GlobalAveragePool':
        return [this.#mean(op, x, inputs[1], attributes, shape)];
      case 'Sqrt':
        return elementwise({ kind: 'root', of: x.of });
      case 'Erf':
        return elementwise({ kind: 'erf', of: x.of });
      case 'Gelu':
      case 'com.microsoft::Gelu':
      case 'com.microsoft::FastGelu': {
        const isTanh = attributes.string('approximate', 'none') === 'tanh' || op.endsWith('FastGelu');
        return elementwise({ kind: 'gelu', of: x.of, form: isTanh ? 'geluTanh' : 'gelu' });
      }
      case 'Relu':
        return elementwise({ kind: 'relu', of: x.of });
      case 'PRelu': {
        const slope = inputs[1];
        const isRelu = slope?.kind === 'constant' && slope.tensor.data.every((value) => value === 0);
        if (!isRelu) throw new NotUnderstood('an activation that is neither GELU nor ReLU');
        return elementwise({ kind: 'relu', of: x.of });
      }
      case 'Softmax': {
        const axis = attributes.int('axis', -1);
        const isLast = axis === -1 || axis === x.layout.length - 1;
        if (!isLast || x.of.kind !== 'scores' && x.of.kind !== 'scaled') throw new NotUnderstood('not of scores'); // prettier-ignore
        return elementwise({ kind: 'softmax', of: x.of });
      }
      case 'Resize':
        return [resized(x, attributes, shape)];
      case 'Concat':
        return [joined(x, inputs, attributes)];
      case 'TopK':
        return topK(x, attributes, shape);
      default:
        throw new NotUnderstood('not an operator of a SegFormer');
    }
  }

  #mean(
    op: string,
    x: MapValue,
    axesInput: Value | undefined,
    attributes: Attributes,
    shape: readonly number[] | undefined,
  ): MapValue {
    const rank = x.layout.length;
    const given =
      attributes.ints('axes') ??
      (axesInput?.kind === 'constant' ? Array.from(axesInput.tensor.data) : undefined);
    const axes = op === 'GlobalAveragePool' ? [2, 3] : given?.map((axis) => (axis < 0 ? axis + rank : axis));
    if (!axes || !shape) throw new NotUnderstood('a mean over unknown dimensions');
    const over = axes.flatMap((axis) => x.layout[axis] ?? []);
    const left = x.layout.map((pieces, d) => (axes.includes(d) ? [] : pieces));
    const layout = reshapeLayout(left, shape);
    if (!layout) throw new NotUnderstood('a mean in an unusual layout');
    if (arePositions(over)) return { kind: 'map', of: { kind: 'pooled', of: x.of }, layout };
    if (wholeAxisOf(over, 'channel')) return { kind: 'map', of: channelMean(x.of), layout };
    throw new NotUnderstood('a mean over neither channels nor positions');
  }
}

function gatherRows(data: Value, indices: Value | undefined, attributes: Attributes): Value {
  if (
    data.kind !== 'constant' ||
    indices?.kind !== 'kept' ||
    attributes.int('axis', 0) !== 0 ||
    data.rows !== allRows
  ) {
    throw new NotUnderstood('a Gather that does not take the kept rows of a weight');
  }
  return { ...data, rows: { gate: indices.gate, scaled: false } };
}

function reshaped(value: Value, shape: readonly number[] | undefined): Value {
  if (value.kind === 'kept') return value;
  if (!shape) throw new NotUnderstood('a reshape to an unknown shape');
  if (value.kind === 'constant')
    return { ...value, tensor: { ...value.tensor, dims: restored(value, shape) } };
  const layout = reshapeLayout(value.layout, shape);
  if (!layout) throw new NotUnderstood(`a reshape that mixes channels and positions`);
  return { ...value, layout };
}

/** Of gathered rows the shape says how many are kept; the weight still has them all. */
function restored(
  { tensor, rows }: Extract<Value, { kind: 'constant' }>,
  shape: readonly number[],
): readonly number[] {
  return rows.gate ? [tensor.dims[0] ?? 1, ...shape.slice(1)] : shape;
}

function unchanged(value: Value, shape: readonly number[] | undefined): Value {
  const same = value.kind === 'map' && shape?.join() === shapeOf(value.layout).join();
  if (!same) throw new NotUnderstood('it takes a part of its input');
  return value;
}

function layerNormalised(
  x: MapValue,
  inputs: readonly (Value | undefined)[],
  attributes: Attributes,
): MapValue {
  const channels = wholeAxisOf(x.layout.at(-1), 'channel');
  const axis = attributes.int('axis', -1);
  if (!channels || (axis !== -1 && axis !== x.layout.length - 1))
    throw new NotUnderstood('it is not over channels');
  const vector = (value: Value | undefined, fallback: number) =>
    value ? vectorOf(value, channels.size, allRows) : new Float32Array(channels.size).fill(fallback);
  const norm = {
    scale: vector(inputs[1], 1),
    bias: vector(inputs[2], 0),
    epsilon: attributes.float('epsilon') ?? 1e-5,
  };
  return { ...x, of: { kind: 'norm', of: x.of, norm } };
}

function batchNormalised(
  x: MapValue,
  inputs: readonly (Value | undefined)[],
  attributes: Attributes,
): MapValue {
  const channels = wholeAxisOf(x.layout[1], 'channel');
  if (!channels) throw new NotUnderstood('it is not over channels');
  const [scale, bias, mean, variance] = inputs
    .slice(1)
    .map((value) => vectorOf(value!, channels.size, allRows));
  if (!scale || !bias || !mean || !variance) throw new NotUnderstood('its statistics are missing');
  const epsilon = attributes.float('epsilon') ?? 1e-5;
  const gain = Float64Array.from(scale, (value, i) => value / Math.sqrt(variance[i]! + epsilon));
  const shift = Float32Array.from(bias, (value, i) => value - mean[i]! * gain[i]!);
  return { ...x, of: { kind: 'affine', of: x.of, scale: Float32Array.from(gain), shift } };
}

function resized(x: MapValue, attributes: Attributes, shape: readonly number[] | undefined): MapValue {
  const mode = attributes.string('mode', 'nearest');
  const coordinates = attributes.string('coordinate_transformation_mode', 'half_pixel');
  const isBilinear =
    mode === 'linear' && coordinates.endsWith('half_pixel') && attributes.int('antialias', 0) === 0;
  if (!isBilinear || !shape) throw new NotUnderstood(`${mode} resizing by ${coordinates}`);
  const layout = x.layout.map((pieces, d) => {
    const [piece] = pieces;
    const size = shape[d] ?? 0;
    if (!piece || size === piece.size) return pieces;
    if (!wholeAxisOf(pieces, 'row') && !wholeAxisOf(pieces, 'column'))
      throw new NotUnderstood('it resizes channels');
    return wholeAxis(axisOf(piece.axis.name, size));
  });
  return sameLayout(layout, x.layout) ? x : { kind: 'map', of: { kind: 'resized', of: x.of }, layout };
}

function joined(first: MapValue, inputs: readonly (Value | undefined)[], attributes: Attributes): MapValue {
  const axis = attributes.int('axis', 0);
  const at = axis < 0 ? axis + first.layout.length : axis;
  const sizes: number[] = [];
  const parts = inputs.map((value) => {
    const channels = value?.kind === 'map' ? wholeAxisOf(value.layout[at], 'channel') : undefined;
    if (value?.kind !== 'map' || !channels) throw new NotUnderstood('it joins something else than channels');
    const others = (layout: Layout) => layout.filter((_, d) => d !== at);
    if (!sameLayout(others(value.layout), others(first.layout)))
      throw new NotUnderstood('it joins maps of several sizes');
    sizes.push(channels.size);
    return value.of;
  });
  const layout = first.layout.map((pieces, d) =>
    d === at ? channelAxis(sizes.reduce((total, size) => total + size, 0)) : pieces,
  );
  return { kind: 'map', of: { kind: 'joined', parts, sizes }, layout };
}

/** The gate: the largest logits of each group. */
function topK(x: MapValue, attributes: Attributes, shape: readonly number[] | undefined): readonly Value[] {
  const axis = attributes.int('axis', -1);
  const isLast = axis === -1 || axis === x.layout.length - 1;
  const kept = shape?.at(-1) ?? 0;
  const channels = wholeAxisOf(reshapeLayout(x.layout, [sizeOf(x.layout.flat())])?.[0], 'channel');
  if (!isLast || attributes.int('largest', 1) !== 1 || !shape || kept === 0 || !channels) {
    throw new NotUnderstood('a TopK that is not a gate');
  }
  const width = sizeOf(x.layout.at(-1) ?? []);
  const groups = channels.size / width;
  const gate: GateChoice = { scores: x.of, groups, width, kept, names: [] };
  const layout = reshapeLayout([channelAxis(groups * kept)], shape);
  if (!layout) throw new NotUnderstood('a TopK in an unusual layout');
  return [
    { kind: 'map', of: { kind: 'gateValues', gate }, layout },
    { kind: 'kept', gate },
  ];
}
