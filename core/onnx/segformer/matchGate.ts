import type { Expression, GateChoice, RowChoice } from './expression.ts';
import { expect, isKind, Mismatch } from './matchParts.ts';
import type { Gate, GateKind, Linear } from './segformerGraph.ts';

export interface GateContext {
  readonly kind: GateKind;
  readonly where: string;
  /** Names of the graph's outputs, and the name that the gate gets where it has none. */
  readonly outputs: ReadonlySet<string>;
  readonly fallbackName: string;
  /** The tokens that the gate looks at, and the layer that it gates. */
  readonly tokens: Expression;
  readonly layer: Linear;
  readonly scales: boolean;
  readonly means: Float32Array | null;
}

/** The gate that chose the rows of a layer; null where none did. @throws Mismatch */
export function matchGate(choice: GateChoice | null | undefined, context: GateContext): Gate | null {
  if (!choice) return null;
  const where = `${context.where}, gate ${context.kind}`;
  const layers: Linear[] = [];
  const last = expect(choice.scores, 'linear', where, 'a linear layer with one output per neuron');
  layers.unshift(last.linear);
  let rest: Expression = last.of;
  if (isKind(rest, 'gelu')) {
    const first = expect(rest.of, 'linear', where, 'a linear layer before the GELU');
    layers.unshift(first.linear);
    rest = first.of;
  }
  const throughLayer = isKind(rest, 'linear');
  if (isKind(rest, 'linear')) {
    if (!sameLinear(rest.linear, context.layer)) {
      throw new Mismatch(where, "the gated layer's own weights", 'a third layer');
    }
    rest = rest.of;
  }
  const norm = isKind(rest, 'norm') ? rest.norm : null;
  const pooled = expect(isKind(rest, 'norm') ? rest.of : rest, 'pooled', where, 'a mean over tokens');
  if (pooled.of !== context.tokens) {
    throw new Mismatch(where, 'the mean of the tokens that the layer reads', 'the mean of another map');
  }
  return {
    kind: context.kind,
    name: choice.names.find((name) => context.outputs.has(name)) ?? context.fallbackName,
    groups: choice.groups,
    kept: choice.kept,
    norm,
    throughLayer,
    layers,
    scales: context.scales,
    means: context.means,
  };
}

/** @throws Mismatch where two weights of one layer are not of the same gate's neurons */
export function sameChoice(where: string, ...choices: readonly (RowChoice | null)[]): GateChoice | null {
  const [first = null, ...others] = choices.map((choice) => choice?.gate ?? null);
  if (others.some((other) => other !== first)) {
    throw new Mismatch(where, 'weights of the same neurons', 'weights of the neurons of two gates');
  }
  return first;
}

function sameLinear(a: Linear, b: Linear): boolean {
  return sameValues(a.weight.data, b.weight.data) && sameValues(a.bias, b.bias);
}

function sameValues(a: Float32Array | null, b: Float32Array | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.length === b.length && a.every((value, i) => value === b[i]);
}
