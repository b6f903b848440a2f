import { multiplyVector } from './algebra.ts';
import type { Expression, GateChoice } from './expression.ts';
import { matchGate, sameChoice } from './matchGate.ts';
import { describe, expect, isKind, Mismatch } from './matchParts.ts';
import type { Of } from './matchParts.ts';
import type { Attention, Block, Linear, MixFfn, Norm } from './segformerGraph.ts';

export interface BlockContext {
  readonly where: string;
  readonly outputs: ReadonlySet<string>;
  /** `gate.0.1`: what its gates are called where they have no name. */
  readonly gatePrefix: string;
}

/** A block by its output: x + ffn(norm(x)) of x + attention(norm(x)). @throws Mismatch */
export function matchBlock(output: Expression, context: BlockContext): { block: Block; input: Expression } {
  const second = matchResidual(output, `${context.where}, Mix-FFN`);
  const { ffn, norm: norm2, input: middle } = matchFfn(second.branch, context);
  checkSkip(middle, second.skip, `${context.where}, Mix-FFN`);
  const first = matchResidual(middle, `${context.where}, attention`);
  const { attention, norm: norm1, input } = matchAttention(first.branch, context);
  checkSkip(input, first.skip, `${context.where}, attention`);
  return { block: { norm1, attention, norm2, ffn }, input };
}

/** The branch ends in a linear layer, the way around it does not. */
function matchResidual(output: Expression, where: string): { branch: Of<'linear'>; skip: Expression } {
  const { a, b } = expect(output, 'sum', where, 'a residual sum');
  if (isKind(a, 'linear')) return { branch: a, skip: b };
  if (isKind(b, 'linear')) return { branch: b, skip: a };
  throw new Mismatch(where, 'a linear layer on one side of the sum', `${describe(a)} and ${describe(b)}`);
}

function checkSkip(input: Expression, skip: Expression, where: string): void {
  if (input !== skip) throw new Mismatch(where, 'the same map around the branch as into it', skip);
}

function matchFfn(fc2: Of<'linear'>, context: BlockContext): { ffn: MixFfn; norm: Norm; input: Expression } {
  const where = `${context.where}, Mix-FFN`;
  const gelu = expect(fc2.of, 'gelu', where, 'a GELU before the last layer');
  const depthwise = expect(gelu.of, 'depthwise', where, 'a depthwise convolution');
  const fc1 = expect(depthwise.of, 'linear', where, 'a linear layer');
  const normed = expect(fc1.of, 'norm', where, 'a LayerNormalization');
  const choice = sameChoice(where, fc1.rows, depthwise.rows, fc2.columns);
  const { means, linear } = splitCompensation(fc2, choice, where);
  const gate = matchGate(choice, {
    kind: 'ffn',
    where,
    outputs: context.outputs,
    fallbackName: `${context.gatePrefix}.ffn`,
    tokens: normed,
    layer: fc1.linear,
    scales: depthwise.rows.scaled,
    means,
  });
  const ffn: MixFfn = {
    fc1: fc1.linear,
    depthwise: depthwise.conv,
    activation: gelu.form,
    fc2: linear,
    gate,
  };
  return { ffn, norm: normed.norm, input: normed.of };
}

/** A last layer whose bias is computed: what stands for the neurons that were left out. */
function splitCompensation(
  fc2: Of<'linear'>,
  choice: GateChoice | null,
  where: string,
): { means: Float32Array | null; linear: Linear } {
  if (fc2.addend === null) return { means: null, linear: fc2.linear };
  if (fc2.addend.kind !== 'keptMeans' || fc2.addend.gate !== choice) {
    throw new Mismatch(where, 'a constant bias', fc2.addend);
  }
  const { means, bias } = fc2.addend;
  // The file's bias holds what all neurons' means add up to.
  const all = multiplyVector(fc2.linear.weight, means);
  return { means, linear: { weight: fc2.linear.weight, bias: bias.map((value, i) => value - all[i]!) } };
}

function matchAttention(
  output: Of<'linear'>,
  context: BlockContext,
): { attention: Attention; norm: Norm; input: Expression } {
  const where = `${context.where}, attention`;
  const mixed = expect(output.of, 'mixed', where, 'a weighted mean of values');
  const softmax = expect(mixed.weights, 'softmax', where, 'a softmax');
  const whole = withoutScale(softmax.of);
  const scores = expect(whole.of, 'scores', where, 'a product of queries and keys');
  const q = withoutScale(scores.q);
  const k = withoutScale(scores.k);
  const query = expect(q.of, 'linear', where, 'a linear layer for the queries');
  const key = expect(k.of, 'linear', where, 'a linear layer for the keys');
  const v = withoutScale(mixed.v);
  const value = expect(v.of, 'linear', where, 'a linear layer for the values');
  const normed = expect(query.of, 'norm', where, 'a LayerNormalization before the queries');
  if (key.of !== value.of) throw new Mismatch(where, 'keys and values of the same tokens', 'two maps');
  if (mixed.heads !== scores.heads)
    throw new Mismatch(where, `${scores.heads} heads`, `${mixed.heads} heads`);
  if (v.by !== 1) throw new Mismatch(where, 'values as they are', `values times ${v.by}`);
  const qk = sameChoice(where, query.rows, key.rows, gateOf(q.gate ?? k.gate, query.rows?.gate));
  const vChoice = sameChoice(where, value.rows, output.columns, gateOf(v.gate, value.rows?.gate));
  if (q.gate && k.gate) throw new Mismatch(where, "a gate's values once", 'on queries and on keys');
  const shared = { where, outputs: context.outputs, means: null };
  const attention: Attention = {
    heads: scores.heads,
    scale: whole.by * q.by * k.by,
    query: query.linear,
    key: key.linear,
    value: value.linear,
    output: output.linear,
    reduction: matchReduction(key.of, normed, where),
    qkGate: matchGate(qk, {
      ...shared,
      kind: 'qk',
      fallbackName: `${context.gatePrefix}.qk`,
      tokens: normed,
      layer: query.linear,
      scales: (q.gate ?? k.gate) !== null,
    }),
    vGate: matchGate(vChoice, {
      ...shared,
      kind: 'v',
      fallbackName: `${context.gatePrefix}.v`,
      tokens: key.of,
      layer: value.linear,
      scales: v.gate !== null,
    }),
  };
  return { attention, norm: normed.norm, input: normed.of };
}

function gateOf(values: GateChoice | null, rows: GateChoice | null | undefined) {
  return { gate: values ?? rows ?? null, scaled: false };
}

/** Without numbers and gate values that it was multiplied with. */
function withoutScale(expression: Expression): { of: Expression; by: number; gate: GateChoice | null } {
  let of = expression;
  let by = 1;
  let gate: GateChoice | null = null;
  for (;;) {
    if (of.kind === 'scaled') {
      by *= of.by;
      of = of.of;
    } else if (of.kind === 'times' && of.b.kind === 'gateValues' && gate === null) {
      gate = of.b.gate;
      of = of.a;
    } else {
      return { of, by, gate };
    }
  }
}

function matchReduction(tokens: Expression, normed: Expression, where: string): Attention['reduction'] {
  if (tokens === normed) return null;
  const norm = expect(tokens, 'norm', where, 'a LayerNormalization of the reduced tokens');
  const { conv, of } = expect(norm.of, 'conv', where, 'a convolution that reduces the tokens');
  if (of !== normed) throw new Mismatch(where, "keys and values of the block's own tokens", of);
  if (conv.padding !== 0 || conv.weight.dims[2] !== conv.stride) {
    throw new Mismatch(
      where,
      'a reduction in patches',
      `a kernel of ${conv.weight.dims[2]} in steps of ${conv.stride}`,
    );
  }
  return { conv, norm: norm.norm };
}
