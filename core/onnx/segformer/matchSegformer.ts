import type { Expression } from './expression.ts';
import { matchBlock } from './matchBlock.ts';
import { expect, isKind, Mismatch } from './matchParts.ts';
import type { Of } from './matchParts.ts';
import type {
  ChannelAffine,
  FoldedHead,
  Linear,
  MlpHead,
  SegformerGraph,
  Stage,
  Weight,
} from './segformerGraph.ts';

/** Stages and head by the logits. @throws Mismatch */
export function matchSegformer(
  logits: Expression,
  outputs: ReadonlySet<string>,
): Pick<SegformerGraph, 'stages' | 'head'> {
  const classifier = expect(logits, 'linear', 'head', 'a classifier of each position');
  if (classifier.rows || classifier.columns) throw new Mismatch('head', 'all channels', 'a gated classifier');
  const relu = expect(classifier.of, 'relu', 'head', 'a ReLU before the classifier');
  const fused = isKind(relu.of, 'affine') ? relu.of.of : relu.of;
  const norm = isKind(relu.of, 'affine') ? { scale: relu.of.scale, shift: relu.of.shift } : null;
  const { parts, build } =
    isKind(fused, 'linear') && isKind(fused.of, 'joined')
      ? mlpParts(fused, fused.of, norm, classifier.linear)
      : foldedParts(fused, norm, classifier.linear);
  const chain = stageChain(parts.map((part) => part.feature));
  const ordered = chain.map((feature) => parts.filter((part) => part.feature === feature));
  const stages = chain.map((feature, s) => matchStage(feature, chain[s - 1] ?? null, s, outputs));
  for (const [s, found] of ordered.entries()) {
    if (found.length !== 1) throw new Mismatch('head', `stage ${s} once`, `${found.length} times`);
  }
  return { stages, head: build(ordered.map(([part]) => parts.indexOf(part!))) };
}

interface HeadPart {
  readonly feature: Expression;
  readonly linear: Linear;
}

interface HeadParts {
  readonly parts: readonly HeadPart[];
  /** @param order where each stage's part is among `parts` */
  readonly build: (order: readonly number[]) => MlpHead | FoldedHead;
}

function headPart(expression: Expression): HeadPart {
  const inner = isKind(expression, 'resized') ? expression.of : expression;
  const { of, linear, rows, columns } = expect(inner, 'linear', 'head', "a linear layer of a stage's output");
  if (rows || columns) throw new Mismatch('head', 'all channels', 'a gated layer');
  return { feature: of, linear };
}

function mlpParts(
  fused: Of<'linear'>,
  joined: Of<'joined'>,
  norm: ChannelAffine | null,
  classifier: Linear,
): HeadParts {
  const parts = joined.parts.map(headPart);
  const starts = joined.sizes.map((_, i) =>
    joined.sizes.slice(0, i).reduce((total, size) => total + size, 0),
  );
  return {
    parts,
    build: (order) => ({
      kind: 'mlp',
      projections: order.map((i) => parts[i]!.linear),
      fuse: order.map((i) => columnsOf(fused.linear.weight, starts[i]!, joined.sizes[i]!)),
      fuseBias: fused.linear.bias,
      norm,
      classifier,
    }),
  };
}

/** Some columns of [out, in]. */
function columnsOf({ dims, data }: Weight, start: number, count: number): Weight {
  const [out = 0, inputs = 0] = dims;
  const part = new Float32Array(out * count);
  for (let row = 0; row < out; row++) {
    part.set(data.subarray(row * inputs + start, row * inputs + start + count), row * count);
  }
  return { dims: [out, count], data: part };
}

function foldedParts(fused: Expression, norm: ChannelAffine | null, classifier: Linear): HeadParts {
  const parts = terms(fused).map(headPart);
  return {
    parts,
    build: (order) => {
      const linears = order.map((i) => parts[i]!.linear);
      const width = linears[0]?.weight.dims[0] ?? 0;
      const bias = new Float64Array(width);
      for (const linear of linears) linear.bias?.forEach((value, d) => (bias[d] = bias[d]! + value));
      const stages = linears.map(({ weight }) => (norm ? scaleRows(weight, norm.scale) : weight));
      const shifted = bias.map((value, d) => (norm ? value * norm.scale[d]! + norm.shift[d]! : value));
      return { kind: 'folded', stages, bias: Float32Array.from(shifted), classifier };
    },
  };
}

function terms(expression: Expression): Expression[] {
  return isKind(expression, 'sum') ? [...terms(expression.a), ...terms(expression.b)] : [expression];
}

function scaleRows({ dims, data }: Weight, scale: Float32Array): Weight {
  const [, columns = 1] = dims;
  return { dims, data: data.map((value, i) => value * scale[Math.floor(i / columns)]!) };
}

/** The stages' outputs in the order in which one is made of the other. */
function stageChain(features: readonly Expression[]): Expression[] {
  const before = new Map(features.map((feature) => [feature, stageInput(feature)]));
  const chain: Expression[] = [];
  let next = features.find((feature) => before.get(feature)?.kind === 'image');
  while (next && !chain.includes(next)) {
    chain.push(next);
    const last: Expression = next;
    next = features.find((feature) => before.get(feature) === last);
  }
  if (chain.length !== new Set(features).size) {
    throw new Mismatch(
      'encoder',
      'stages that follow one another',
      `${chain.length} of ${features.length} that do`,
    );
  }
  return chain;
}

/** What the convolution at a stage's beginning reads: the picture or another stage's output. */
function stageInput(feature: Expression): Expression {
  let at: Expression = feature;
  // Down the way around the branches; a graph of maps has no circles.
  for (;;) {
    if (isKind(at, 'conv')) return at.of;
    if (isKind(at, 'norm')) at = at.of;
    else if (isKind(at, 'sum')) at = isKind(at.a, 'linear') ? at.b : at.a;
    else throw new Mismatch('encoder', "a stage's output", at);
  }
}

function matchStage(
  feature: Expression,
  input: Expression | null,
  index: number,
  outputs: ReadonlySet<string>,
): Stage {
  const where = `stage ${index}`;
  const end = expect(feature, 'norm', where, 'a LayerNormalization at its end');
  const reversed: Stage['blocks'][number][] = [];
  let at = end.of;
  const depth = countBlocks(at);
  while (isKind(at, 'sum')) {
    const number = depth - 1 - reversed.length;
    const found = matchBlock(at, {
      where: `${where}, block ${number}`,
      outputs,
      gatePrefix: `gate.${index}.${number}`,
    });
    reversed.push(found.block);
    at = found.input;
  }
  const norm = expect(at, 'norm', `${where}, patch embedding`, 'a LayerNormalization');
  const conv = expect(norm.of, 'conv', `${where}, patch embedding`, 'a convolution');
  if (input ? conv.of !== input : conv.of.kind !== 'image') {
    throw new Mismatch(`${where}, patch embedding`, 'the stage before it', conv.of);
  }
  return {
    embedding: { conv: conv.conv, norm: norm.norm },
    blocks: reversed.reverse(),
    norm: end.norm,
  };
}

/** A block has two sums on the way around it. */
function countBlocks(output: Expression): number {
  let sums = 0;
  for (let at = output; isKind(at, 'sum'); at = isKind(at.a, 'linear') ? at.b : at.a) sums++;
  return Math.ceil(sums / 2);
}
