import type { Expression } from './expression.ts';

/*
 * Element-wise operators as exporters write them, put together again: nine operators become a norm, five a GELU, a
 * product and a sum a linear layer with its bias.
 */

const epsilon = 1e-4;
const near = (a: number, b: number) => Math.abs(a - b) <= epsilon * Math.abs(b);

/** x + v, one value per channel. */
export function addVector(of: Expression, v: Float32Array): Expression {
  switch (of.kind) {
    case 'linear': {
      if (of.rows?.gate) return { kind: 'affine', of, scale: ones(v), shift: v };
      return { ...of, linear: { ...of.linear, bias: sum(of.linear.bias, v) } };
    }
    case 'conv':
    case 'depthwise':
      return { ...of, conv: { ...of.conv, bias: sum(of.conv.bias, v) } };
    case 'norm':
      return { ...of, norm: { ...of.norm, bias: sum(of.norm.bias, v) } };
    case 'affine':
      return { ...of, shift: sum(of.shift, v) };
    default:
      return { kind: 'affine', of, scale: ones(v), shift: v };
  }
}

/** x * v, one value per channel. */
export function multiplyVector(of: Expression, v: Float32Array): Expression {
  if (of.kind === 'norm') {
    const { scale, bias } = of.norm;
    return { ...of, norm: { ...of.norm, scale: product(scale, v), bias: product(bias, v) } };
  }
  if (of.kind === 'affine') return { ...of, scale: product(of.scale, v), shift: product(of.shift, v) };
  return { kind: 'affine', of, scale: v, shift: new Float32Array(v.length) };
}

/** x + by */
export function addScalar(of: Expression, by: number): Expression {
  return by === 0 ? of : { kind: 'shifted', of, by };
}

/** x * by */
export function multiplyScalar(of: Expression, by: number): Expression {
  if (by === 1) return of;
  // 0.5 x (1 + erf(x / sqrt 2)): the factor at the end.
  if (of.kind === 'times' && near(by, 0.5)) {
    const gelu = findGelu(of.a, of.b, by) ?? findGelu(of.b, of.a, by);
    if (gelu) return gelu;
  }
  return of.kind === 'scaled' ? multiplyScalar(of.of, of.by * by) : { kind: 'scaled', of, by };
}

export function multiply(a: Expression, b: Expression): Expression {
  if (a === b) return square(a);
  const gelu = findGelu(a, b, 1) ?? findGelu(b, a, 1);
  return gelu ?? { kind: 'times', a, b };
}

/** `x` times `rest` times `factor` where that is GELU of x. */
function findGelu(x: Expression, rest: Expression, factor: number): Expression | undefined {
  let of = x;
  let by = factor;
  let other = rest;
  if (of.kind === 'scaled') [of, by] = [of.of, by * of.by];
  if (other.kind === 'scaled') [other, by] = [other.of, by * other.by];
  if (!near(by, 0.5) || other.kind !== 'shifted' || other.by !== 1 || other.of.kind !== 'erf') {
    return undefined;
  }
  const inner = other.of.of;
  const isHalf = inner.kind === 'scaled' && near(inner.by, Math.SQRT1_2) && inner.of === of;
  return isHalf ? { kind: 'gelu', of, form: 'gelu' } : undefined;
}

export function subtract(a: Expression, b: Expression): Expression {
  return b.kind === 'channelMean' && b.of === a ? { kind: 'centred', of: a } : { kind: 'difference', a, b };
}

export function square(of: Expression): Expression {
  return { kind: 'square', of };
}

export function channelMean(of: Expression): Expression {
  return of.kind === 'square' && of.of.kind === 'centred'
    ? { kind: 'variance', of: of.of.of }
    : { kind: 'channelMean', of };
}

/** @param channels what a norm found here runs over */
export function divide(a: Expression, b: Expression, channels: number): Expression {
  const inside = b.kind === 'root' ? b.of : undefined;
  const isNorm =
    a.kind === 'centred' &&
    inside?.kind === 'shifted' &&
    inside.of.kind === 'variance' &&
    inside.of.of === a.of;
  if (!isNorm) return { kind: 'quotient', a, b };
  const scale = new Float32Array(channels).fill(1);
  return {
    kind: 'norm',
    of: a.of,
    norm: { scale, bias: new Float32Array(channels), epsilon: inside.by },
  };
}

function ones(like: Float32Array): Float32Array {
  return new Float32Array(like.length).fill(1);
}

function sum(a: Float32Array | null, b: Float32Array): Float32Array {
  return a ? a.map((value, i) => value + b[i]!) : b;
}

function product(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value * b[i]!);
}
