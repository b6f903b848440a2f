/**
 * Where each output pixel of one axis lies between the input's: `low` and `low + 1`, `weight` of the way
 * (0 to 1, exclusive). Pixel centres, not corners, are aligned, and the border is clamped.
 * Source: torch.nn.functional.interpolate, mode bilinear, align_corners=False.
 */
export interface AxisSampling {
  readonly low: Int32Array;
  readonly weight: Float64Array;
}

export function sampleAxis(inSize: number, outSize: number): AxisSampling {
  const low = new Int32Array(outSize);
  const weight = new Float64Array(outSize);
  for (let out = 0; out < outSize; out++) {
    const position = samplePosition(out, inSize, outSize);
    const index = Math.min(Math.floor(position), inSize - 1);
    low[out] = index;
    weight[out] = position - index;
  }
  return { low, weight };
}

/** The input coordinate of one output pixel, not below 0. */
export function samplePosition(out: number, inSize: number, outSize: number): number {
  return Math.max(0, ((out + 0.5) * inSize) / outSize - 0.5);
}
