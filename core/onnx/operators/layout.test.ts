import { describe, expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats, int, ints, shapeForTest, valuesForTest } from './callForTest.ts';

const matrix = { type: dataTypes.INT64, shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };

describe('Transpose', () => {
  it('moves values with their dimensions', () => {
    expect(valuesForTest('Transpose', [matrix])).toEqual([1, 4, 2, 5, 3, 6]);
    expect(shapeForTest('Transpose', [floats(1, 2, 3, 4)], { perm: [0, 3, 1, 2] })).toEqual([1, 4, 2, 3]);
  });
});

describe('Reshape', () => {
  it('keeps dimensions at 0 and works out -1', () => {
    expect(shapeForTest('Reshape', [floats(2, 3, 4), ints(0, -1)])).toEqual([2, 12]);
    expect(shapeForTest('Reshape', [floats(0, 3), ints(0, 5)], { allowzero: 1 })).toEqual([0, 5]);
  });

  it('says what cannot be reshaped', () => {
    expect(() => callForTest('Reshape', [floats(2, 3), ints(4, -1)])).toThrow(
      '2x3 cannot be reshaped to 4,-1',
    );
  });

  it('knows nothing where the target depends on the picture', () => {
    expect(callForTest('Reshape', [floats(2, 3), { type: dataTypes.INT64, shape: [2] }]).outputs).toEqual([]);
  });
});

describe('Squeeze, Unsqueeze, Flatten', () => {
  it('take axes as attribute or input', () => {
    expect(shapeForTest('Squeeze', [floats(1, 3, 1)], { axes: [0] })).toEqual([3, 1]);
    expect(shapeForTest('Squeeze', [floats(1, 3, 1), ints(-1)])).toEqual([1, 3]);
    expect(shapeForTest('Squeeze', [floats(1, 3, 1)])).toEqual([3]);
    expect(shapeForTest('Unsqueeze', [floats(3), ints(0, -1)])).toEqual([1, 3, 1]);
    expect(shapeForTest('Flatten', [floats(2, 3, 4)], { axis: 2 })).toEqual([6, 4]);
    expect(() => callForTest('Squeeze', [floats(2, 3), ints(0)])).toThrow('dimension 0 of 2x3 is not 1');
  });
});

describe('Concat and Split', () => {
  it('join and part values along an axis', () => {
    expect(valuesForTest('Concat', [ints(1), ints(2, 3)], { axis: 0 })).toEqual([1, 2, 3]);
    expect(valuesForTest('Concat', [matrix, matrix], { axis: 1 })).toEqual([
      1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,
    ]);
    const { outputs } = callForTest('Split', [matrix, ints(1, 2)], { axis: 1 }, 2);
    expect(outputs.map((output) => output?.values)).toEqual([
      [1, 4],
      [2, 3, 5, 6],
    ]);
  });

  it('part evenly unless told otherwise, the last part smaller', () => {
    const shapes = (op: ReturnType<typeof callForTest>) => op.outputs.map((output) => output?.shape);
    expect(shapes(callForTest('Split', [floats(6, 2)], {}, 3))).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(shapes(callForTest('Split', [floats(7)], { num_outputs: 3 }, 3))).toEqual([[3], [3], [1]]);
    expect(() => callForTest('Split', [floats(7), ints(3, 3)], {}, 2)).toThrow(
      '7 cannot be split into 3 + 3',
    );
  });

  it('say what cannot be joined', () => {
    expect(() => callForTest('Concat', [floats(2, 3), floats(3, 3)], { axis: 1 })).toThrow(
      '2x3, 3x3 cannot be joined along axis 1',
    );
  });
});

describe('Slice', () => {
  const toEnd = 2 ** 63;

  it('takes negative positions, steps and "to the end"', () => {
    const five = ints(0, 1, 2, 3, 4);
    expect(valuesForTest('Slice', [five, ints(1), ints(toEnd)])).toEqual([1, 2, 3, 4]);
    expect(valuesForTest('Slice', [five, ints(-2), ints(toEnd)])).toEqual([3, 4]);
    expect(valuesForTest('Slice', [five, ints(0), ints(5), ints(0), ints(2)])).toEqual([0, 2, 4]);
    expect(valuesForTest('Slice', [five, ints(-1), ints(-toEnd), ints(0), ints(-1)])).toEqual([
      4, 3, 2, 1, 0,
    ]);
    expect(valuesForTest('Slice', [five], { starts: [3], ends: [2] })).toEqual([]);
  });

  it('leaves other axes alone', () => {
    expect(valuesForTest('Slice', [matrix, ints(1), ints(3), ints(1)])).toEqual([2, 3, 5, 6]);
  });
});

describe('Pad, Expand, Tile', () => {
  it('give larger shapes', () => {
    expect(shapeForTest('Pad', [floats(1, 2, 3, 3), ints(0, 0, 1, 2, 0, 0, 3, 4)])).toEqual([1, 2, 7, 9]);
    expect(shapeForTest('Pad', [floats(3, 3), ints(1, 1), undefined, ints(-1)])).toEqual([3, 5]);
    expect(shapeForTest('Expand', [floats(3, 1), ints(2, 1, 4)])).toEqual([2, 3, 4]);
    expect(valuesForTest('Expand', [int(7), ints(3)])).toEqual([7, 7, 7]);
    expect(valuesForTest('Tile', [ints(1, 2), ints(2)])).toEqual([1, 2, 1, 2]);
  });
});

it('DepthToSpace and SpaceToDepth trade channels for pixels', () => {
  expect(shapeForTest('DepthToSpace', [floats(1, 16, 3, 5)], { blocksize: 4 })).toEqual([1, 1, 12, 20]);
  expect(shapeForTest('SpaceToDepth', [floats(1, 1, 12, 20)], { blocksize: 4 })).toEqual([1, 16, 3, 5]);
});
