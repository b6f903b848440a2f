import { describe, expect, it } from 'vitest';
import { buildModel, buildValue, floatTensor } from './buildModel.ts';
import { dataTypes } from './dataType.ts';
import type { DeclaredDim } from './inputFacts.ts';
import { findPictureInput, fixedInputSize, inputFacts } from './inputFacts.ts';

const withInput = (...dims: DeclaredDim[]) =>
  buildModel({ nodes: [], inputs: [buildValue('pixel_values', dims)] });
const size = { height: 64, width: 96 };

describe('inputFacts', () => {
  it('fills in open dimensions', () => {
    const { facts, dims } = inputFacts(withInput('batch', 'c', 'h', 'w'), size);
    expect(facts.get('pixel_values')?.shape).toEqual([1, 3, 64, 96]);
    expect(Object.fromEntries(dims)).toEqual({ batch: 1, c: 3, h: 64, w: 96 });
  });

  it('takes -1 for open', () => {
    expect(inputFacts(withInput(-1, 3, -1, -1), size).facts.get('pixel_values')?.shape).toEqual([
      1, 3, 64, 96,
    ]);
  });

  it('takes channels and batch as asked', () => {
    const { facts } = inputFacts(withInput('n', 'c', 'h', 'w'), { ...size, channels: 4, batch: 2 });
    expect(facts.get('pixel_values')?.shape).toEqual([2, 4, 64, 96]);
  });

  it('knows pictures with their channels last', () => {
    const model = withInput(1, 'h', 'w', 3);
    expect(findPictureInput(model).layout).toBe('NHWC');
    expect(inputFacts(model, size).facts.get('pixel_values')?.shape).toEqual([1, 64, 96, 3]);
  });

  it('says to which size a model is fixed', () => {
    const model = withInput(1, 3, 512, 512);
    expect(fixedInputSize(model)).toEqual({ height: 512, width: 512 });
    expect(fixedInputSize(withInput(1, 3, 'h', 'w'))).toBeUndefined();
    expect(() => inputFacts(model, size)).toThrow(
      'model.onnx: takes pictures of 1x3x512x512 (NCHW) only, not 64x96. Ask for that size, or export the model with dynamic height and width',
    );
  });

  it('prefers pixel_values, and leaves out weights that are listed as inputs', () => {
    const model = buildModel({
      nodes: [],
      inputs: [
        buildValue('w', [8, 3, 7, 7]),
        buildValue('depth', [1, 1, 'h', 'w']),
        buildValue('pixel_values', [1, 3, 'h', 'w']),
      ],
      initializers: [floatTensor('w', [8, 3, 7, 7])],
    });
    const { facts } = inputFacts(model, size);
    expect([...facts.keys()]).toEqual(['pixel_values', 'depth']);
    expect(facts.get('depth')?.shape).toEqual([1, 1, 64, 96]);
  });

  it('asks for other inputs whose shape is open', () => {
    const model = buildModel({
      nodes: [],
      inputs: [buildValue('pixel_values', [1, 3, 'h', 'w']), buildValue('kept', ['n'], dataTypes.INT64)],
    });
    expect(() => inputFacts(model, size)).toThrow(
      'model.onnx: the shape of the input "kept" is open and was not given',
    );
    const { facts } = inputFacts(model, {
      ...size,
      inputs: new Map([['kept', { shape: [1], values: [5] }]]),
    });
    expect(facts.get('kept')).toEqual({ type: dataTypes.INT64, shape: [1], values: [5] });
  });

  it('says that no input takes a picture', () => {
    const model = buildModel({ nodes: [], inputs: [buildValue('tokens', [1, 77], dataTypes.INT64)] });
    expect(() => inputFacts(model, size)).toThrow(
      'model.onnx: no input takes a picture: it has "tokens". A segmentation model has an input of four dimensions: batch, channels, height, width',
    );
  });
});
