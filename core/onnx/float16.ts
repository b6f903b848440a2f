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
