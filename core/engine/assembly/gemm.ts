/*
 * C = A B in float32. A: rows, `lda` bytes apart. B: panels of eight columns, [columns / 8][k][8]. C: rows, `ldc`
 * bytes apart, whole panels wide. `bias`: one float for each column.
 */

/** What is done to a row of C before it is stored: each is off where its address is 0. */
let rowScales: usize = 0;
let residual: usize = 0;
let residualPitch: usize = 0;
let rectified: bool = false;

/**
 * For the calls of `multiply` from here on: a float for each row of C that it is multiplied with, rows to add to it,
 * and whether what is below 0 becomes 0.
 */
export function setEpilogue(scales: usize, addend: usize, addendPitch: usize, relu: bool): void {
  rowScales = scales;
  residual = addend;
  residualPitch = addendPitch;
  rectified = relu;
}

@inline
function finish(left: v128, right: v128, c: usize, row: i32, addend: usize): void {
  if (rowScales) {
    const scale = v128.load32_splat(rowScales + (row << 2));
    left = f32x4.mul(left, scale);
    right = f32x4.mul(right, scale);
  }
  if (addend) {
    left = f32x4.add(left, v128.load(addend));
    right = f32x4.add(right, v128.load(addend, 16));
  }
  if (rectified) {
    const zero = f32x4.splat(0);
    // Not max: a NaN is to stay one, as in ONNX.
    left = v128.andnot(left, f32x4.lt(left, zero));
    right = v128.andnot(right, f32x4.lt(right, zero));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

/** Rows [0, rows) of `panels` panels. */
export function multiply(
  a: usize,
  lda: usize,
  rows: i32,
  b: usize,
  panels: i32,
  k: i32,
  c: usize,
  ldc: usize,
  bias: usize,
): void {
  const panelBytes = <usize>k << 5;
  for (let panel: i32 = 0; panel < panels; panel++) {
    const column = <usize>panel << 5;
    const start0 = v128.load(bias + column);
    const start1 = v128.load(bias + column, 16);
    let row: i32 = 0;
    for (; row + 4 <= rows; row += 4) {
      let a0 = a + <usize>row * lda;
      let a1 = a0 + lda;
      let a2 = a1 + lda;
      let a3 = a2 + lda;
      let at = b;
      let c00 = start0, c10 = start0, c20 = start0, c30 = start0; // prettier-ignore
      let c01 = start1, c11 = start1, c21 = start1, c31 = start1; // prettier-ignore
      // Not unrolled: in V8 four times unrolled took 1.6 times as long.
      const end = b + panelBytes;
      while (at < end) {
        const left = v128.load(at);
        const right = v128.load(at, 16);
        let value = v128.load32_splat(a0);
        c00 = f32x4.add(c00, f32x4.mul(value, left));
        c01 = f32x4.add(c01, f32x4.mul(value, right));
        value = v128.load32_splat(a1);
        c10 = f32x4.add(c10, f32x4.mul(value, left));
        c11 = f32x4.add(c11, f32x4.mul(value, right));
        value = v128.load32_splat(a2);
        c20 = f32x4.add(c20, f32x4.mul(value, left));
        c21 = f32x4.add(c21, f32x4.mul(value, right));
        value = v128.load32_splat(a3);
        c30 = f32x4.add(c30, f32x4.mul(value, left));
        c31 = f32x4.add(c31, f32x4.mul(value, right));
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
        at += 32;
      }
      let to = c + <usize>row * ldc + column;
      let addend = residual ? residual + <usize>row * residualPitch + column : 0;
      const step: usize = residual ? residualPitch : 0;
      finish(c00, c01, to, row, addend);
      finish(c10, c11, to + ldc, row + 1, addend + step);
      finish(c20, c21, to + 2 * ldc, row + 2, addend + 2 * step);
      finish(c30, c31, to + 3 * ldc, row + 3, addend + 3 * step);
    }
    for (; row < rows; row++) {
      let at = a + <usize>row * lda;
      let left = start0;
      let right = start1;
      for (let from = b, end = b + panelBytes; from < end; from += 32, at += 4) {
        const value = v128.load32_splat(at);
        left = f32x4.add(left, f32x4.mul(value, v128.load(from)));
        right = f32x4.add(right, f32x4.mul(value, v128.load(from, 16)));
      }
      const addend = residual ? residual + <usize>row * residualPitch + column : 0;
      finish(left, right, c + <usize>row * ldc + column, row, addend);
    }
    b += panelBytes;
  }
}
