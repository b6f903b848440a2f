import type { Expression } from './expression.ts';

/** Thrown where an expression is not the part of a SegFormer that belongs there. */
export class Mismatch extends Error {
  readonly where: string;
  readonly expected: string;
  readonly found: string;

  /** @param where `stage 2, block 1, attention` */
  constructor(where: string, expected: string, found: Expression | string) {
    const text = typeof found === 'string' ? found : describe(found);
    super(`${where}: expected ${expected}, found ${text}`);
    this.name = 'Mismatch';
    this.where = where;
    this.expected = expected;
    this.found = text;
  }
}

export type Kind = Expression['kind'];
export type Of<K extends Kind> = Extract<Expression, { kind: K }>;

/** The expression as the kind that belongs there. @throws Mismatch */
export function expect<K extends Kind>(expression: Expression, kind: K, where: string, what: string): Of<K> {
  if (isKind(expression, kind)) return expression;
  throw new Mismatch(where, what, expression);
}

export function isKind<K extends Kind>(expression: Expression, kind: K): expression is Of<K> {
  return expression.kind === kind;
}

const names: Readonly<Record<Kind, string>> = {
  image: 'the picture',
  unknown: 'something else',
  conv: 'a convolution',
  depthwise: 'a depthwise convolution',
  linear: 'a linear layer',
  norm: 'a LayerNormalization',
  affine: 'a scale and shift per channel',
  scaled: 'a product with a number',
  shifted: 'a sum with a number',
  sum: 'a sum of two maps',
  difference: 'a difference of two maps',
  times: 'a product of two maps',
  quotient: 'a quotient of two maps',
  scores: 'a product of queries and keys',
  softmax: 'a softmax',
  mixed: 'a weighted mean of values',
  gelu: 'a GELU',
  relu: 'a ReLU',
  resized: 'a resized map',
  joined: 'joined maps',
  pooled: 'a mean over positions',
  channelMean: 'a mean over channels',
  centred: 'a map without its mean',
  square: 'a square',
  variance: 'a variance',
  root: 'a square root',
  erf: 'an erf',
  keptMeans: "a bias made of the kept neurons' means",
  gateValues: "a gate's values",
};

export function describe(expression: Expression): string {
  return expression.kind === 'unknown' ? `${expression.where}: ${expression.why}` : names[expression.kind];
}
