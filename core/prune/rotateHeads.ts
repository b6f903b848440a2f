import type { Attention, Linear, Weight } from '../onnx/segformer/segformerGraph.ts';
import type { Basis } from './headBasis.ts';
import { matrix, multiply, transpose, type Matrix } from './algebra/matrix.ts';

/** Of each head. */
export interface HeadBases {
  /** Of its queries, keys with the inverse transposed. */
  readonly scores: readonly Basis[];
  /** Of its values. */
  readonly values: readonly Basis[];
}

/**
 * The same attention with its heads' neurons in other bases: equal up to rounding, for any invertible basis. The
 * key's bias, which softmax does not see, is left out.
 */
export function rotateHeads(attention: Attention, bases: HeadBases): Attention {
  const { query, key, value, output } = attention;
  return {
    ...attention,
    query: changeRows(
      query,
      bases.scores.map(({ to }) => to),
    ),
    key: changeRows(
      { weight: key.weight, bias: null },
      bases.scores.map(({ back }) => transpose(back)),
    ),
    value: changeRows(
      value,
      bases.values.map(({ to }) => to),
    ),
    output: {
      weight: changeColumns(
        output.weight,
        bases.values.map(({ back }) => back),
      ),
      bias: output.bias,
    },
  };
}

/** Rows of a head times its matrix. */
function changeRows({ weight, bias }: Linear, heads: readonly Matrix[]): Linear {
  const [rows = 0, columns = 0] = weight.dims;
  const width = rows / heads.length;
  const data = new Float32Array(weight.data.length);
  const shift = bias && new Float32Array(rows);
  heads.forEach((to, h) => {
    const from = h * width;
    const part = matrix(width, columns, weight.data.subarray(from * columns, (from + width) * columns));
    data.set(multiply(to, part).data, from * columns);
    if (bias && shift)
      shift.set(multiply(to, matrix(width, 1, bias.subarray(from, from + width))).data, from);
  });
  return { weight: { dims: [rows, columns], data }, bias: shift };
}

/** The columns of each head times its matrix. */
function changeColumns(weight: Weight, heads: readonly Matrix[]): Weight {
  const [rows = 0, columns = 0] = weight.dims;
  const width = columns / heads.length;
  const data = new Float32Array(weight.data.length);
  heads.forEach((back, h) => {
    const part = multiply(headColumns(weight, h, width), back);
    for (let i = 0; i < rows; i++) {
      data.set(part.data.subarray(i * width, (i + 1) * width), i * columns + h * width);
    }
  });
  return { dims: [rows, columns], data };
}

/** The columns of a weight [rows, heads * width] that belong to a head, [rows, width]. */
export function headColumns(weight: Weight, head: number, width: number): Matrix {
  const [rows = 0, columns = 0] = weight.dims;
  const out = matrix(rows, width);
  for (let i = 0; i < rows; i++) {
    const from = i * columns + head * width;
    out.data.set(weight.data.subarray(from, from + width), i * width);
  }
  return out;
}
