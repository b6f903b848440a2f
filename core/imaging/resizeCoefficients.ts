/** PIL's filters, by PIL's names. */
export type ResizeFilter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

/** PIL's filter numbers, as preprocessor_config.json states them in `resample`. */
export const PIL_FILTERS: readonly ResizeFilter[] = [
  'nearest',
  'lanczos',
  'bilinear',
  'bicubic',
  'box',
  'hamming',
];

/** Coefficients are fixed-point numbers with this many fractional bits: 32 - 8 - 2, as in Pillow. */
export const PRECISION_BITS = 22;

interface Kernel {
  /** Half its width, in pixels of the smaller picture. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/** Source: Pillow, src/libImaging/Resample.c. */
const KERNELS: Readonly<Record<Exclude<ResizeFilter, 'nearest'>, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: {
    support: 1,
    weight: (x) => {
      const distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    },
  },
  hamming: {
    support: 1,
    weight: (x) => {
      const distance = Math.abs(x);
      if (distance === 0) return 1;
      if (distance >= 1) return 0;
      const angle = distance * Math.PI;
      return (Math.sin(angle) / angle) * (0.54 + 0.46 * Math.cos(angle));
    },
  },
  bicubic: {
    support: 2,
    weight: (x) => {
      const a = -0.5;
      const d = Math.abs(x);
      if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
      if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
      return 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** What each output pixel of one axis is made of. */
export interface AxisCoefficients {
  /** First input pixel of output pixel i. */
  readonly first: Int32Array;
  /** How many input pixels it takes. */
  readonly count: Int32Array;
  /** Fixed-point weights of output pixel i, from i * stride. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** The fixed-point coefficients of one axis, as Pillow computes them (double precision, normalised, rounded). */
export function axisCoefficients(
  inSize: number,
  outSize: number,
  filter: Exclude<ResizeFilter, 'nearest'>,
): AxisCoefficients {
  const kernel = KERNELS[filter];
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Int32Array(outSize * stride);
  const exact = new Float64Array(stride);
  const step = 1 / filterScale;
  for (let out = 0; out < outSize; out++) {
    const centre = (out + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const taps = Math.min(inSize, Math.trunc(centre + support + 0.5)) - from;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = kernel.weight((tap + from - centre + 0.5) * step);
      exact[tap] = weight;
      sum += weight;
    }
    first[out] = from;
    count[out] = taps;
    for (let tap = 0; tap < taps; tap++) {
      const weight = sum === 0 ? exact[tap]! : exact[tap]! / sum;
      weights[out * stride + tap] = Math.trunc(weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, stride };
}

/** The input pixel of each output pixel of one axis, as Pillow's nearest filter takes it. */
export function nearestIndices(inSize: number, outSize: number): Int32Array {
  const indices = new Int32Array(outSize);
  const scale = inSize / outSize;
  // Added up as Pillow does, rounding errors included (src/libImaging/Geometry.c, ImagingScaleAffine).
  let position = scale * 0.5;
  for (let out = 0; out < outSize; out++) {
    indices[out] = Math.min(inSize - 1, Math.trunc(position));
    position += scale;
  }
  return indices;
}
