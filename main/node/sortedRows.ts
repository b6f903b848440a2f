const DIGIT = 65536;

/**
 * Rows in the order of their values, those without one (NaN) at the end; equal ones stay in their order. By the bits of
 * the numbers, two bytes at a time: ten times as fast as comparing 100,000 of them.
 *
 * @param rows indices of `values`
 */
export function sortedRows(
  rows: Uint32Array,
  values: Float64Array,
  { descending }: { readonly descending: boolean },
): Uint32Array {
  const known = rows.filter((row) => !Number.isNaN(values[row]!));
  const keys = new Float64Array(known.length);
  // Zero has two signs, and both are the same number.
  known.forEach((row, at) => (keys[at] = values[row]! + 0));
  const words = new Uint32Array(keys.buffer);
  const flip = descending ? 0xffffffff : 0;
  for (let at = 0; at < words.length; at += 2) {
    // As unsigned integers they ascend: the sign upside down, and all bits of what is below zero.
    const negative = words[at + 1]! >>> 31 === 1;
    words[at] = (negative ? ~words[at]! : words[at]!) ^ flip;
    words[at + 1] = (negative ? ~words[at + 1]! : words[at + 1]! ^ 0x80000000) ^ flip;
  }
  const digits = new Uint16Array(keys.buffer);
  let order = Uint32Array.from(known, (_, at) => at);
  let sorted = new Uint32Array(known.length);
  for (let digit = 0; digit < 4; digit++) {
    const starts = new Uint32Array(DIGIT + 1);
    for (let at = digit; at < digits.length; at += 4) starts[digits[at]! + 1]! += 1;
    for (let value = 0; value < DIGIT; value++) starts[value + 1]! += starts[value]!;
    for (const at of order) sorted[starts[digits[at * 4 + digit]!]!++] = at;
    [order, sorted] = [sorted, order];
  }
  const result = new Uint32Array(rows.length);
  order.forEach((at, place) => (result[place] = known[at]!));
  result.set(
    rows.filter((row) => Number.isNaN(values[row]!)),
    known.length,
  );
  return result;
}
