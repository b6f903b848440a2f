/**
 * IEEE 754 binary16 to number: 1 sign bit, 5 of exponent, 10 of fraction.
 *
 * @param bits 0 to 65535
 */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Every half there is, filled at the first use: a model has millions of them. */
let halves: Float32Array | null = null;

/** Numbers of many halves at once. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 0x10000 }, (_, half) => float16ToNumber(half));
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = halves[bits[i]!]!;
  return out;
}

const float32 = new Float32Array(1);
const float32Bits = new Uint32Array(float32.buffer);

/**
 * bfloat16 to number: the upper half of a float32.
 *
 * @param bits 0 to 65535
 */
export function bfloat16ToNumber(bits: number): number {
  float32Bits[0] = bits * 65536;
  return float32[0]!;
}

/** The nearest binary16, ties to even; ±Infinity beyond 65519. */
export function numberToFloat16(value: number): number {
  float32[0] = value;
  const bits = float32Bits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 and above round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2^-14 the result is a multiple of 2^-24.
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(float32[0]) * 2 ** 24);
  const rest = magnitude & 0x1fff;
  const half = (magnitude - 0x38000000) >>> 13;
  const up = rest > 0x1000 || (rest === 0x1000 && (half & 1) === 1);
  return sign | (half + (up ? 1 : 0));
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
