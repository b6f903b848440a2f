import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildNode, buildOnnxBytes, buildValue, floatTensor, intTensor } from '#core/onnx/buildModel.ts';
import { TensorProto_DataLocation } from '#core/onnx/proto/onnx.generated.ts';
import { dataTypes } from '#core/onnx/dataType.ts';
import { inspect } from './inspect.ts';

let folder: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynaseg-inspect-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const student = buildOnnxBytes({
  nodes: [
    buildNode('Conv', ['pixel_values', 'patch'], ['patches'], { strides: [4, 4] }),
    buildNode('GlobalAveragePool', ['patches'], ['pooled']),
    buildNode('Flatten', ['pooled'], ['summary']),
    buildNode('TopK', ['summary', 'k'], ['', 'gate.0']),
    buildNode('Flatten', ['gate.0'], ['kept'], { axis: 0 }),
    buildNode('com.example::Magic', ['kept'], ['logits']),
  ],
  outputs: [buildValue('logits', [1, 8, '', '']), buildValue('gate.0', [1, 2], dataTypes.INT64)],
  initializers: [floatTensor('patch', [8, 3, 4, 4]), intTensor('k', [2])],
});

describe('inspect', () => {
  it('prints what a file is and what it costs', async () => {
    const model = join(folder, 'student.onnx');
    await writeFile(model, student);
    expect(await inspect({ model, size: { height: 64, width: 96 }, json: false })).toBe(0);
    expect(printed).toBe(`student.onnx: ${model}, 0.0 MB
ONNX IR 8, opset 17, dynaseg, operators of com.example
in   pixel_values float32 1x3xheightxwidth
out  logits float32 1x8x?x?, gate.0 int64 1x2
not recognised as a SegFormer, runs as it is: head: expected a classifier of each position, found com.example::Magic "Magic_logits": not an operator of a SegFormer
gates
     gate.0 keeps 2 of 8

At 64x96 (height x width):
M mult-adds   share  parameters  output             layer
       0.1  100.0%         384  1x8x16x24          Conv Conv_patches
0.00 G multiply-adds (matrix products and convolutions, attention included), 0.00 M parameters
not counted: com.example::Magic
`);
  });

  it('prints one JSON object, at 512x512 unless the file or its folder say otherwise', async () => {
    const model = join(folder, 'student.onnx');
    await writeFile(model, student);
    await inspect({ model, json: true });
    expect(JSON.parse(printed)).toMatchObject({
      model: 'student.onnx',
      bytes: student.length,
      height: 512,
      width: 512,
      macs: 128 * 128 * 8 * 48,
      gmacs: (128 * 128 * 8 * 48) / 1e9,
      params: 384,
      layers: [{ name: 'Conv_patches', op: 'Conv', params: 384, outputShape: [1, 8, 128, 128] }],
      uncounted: ['com.example::Magic'],
      gates: [{ name: 'gate.0', kept: 2, neurons: 8, exposed: true }],
      inputs: [{ name: 'pixel_values', type: 'float32', shape: [1, 3, 'height', 'width'] }],
    });
  });

  it('counts a student at another keep ratio, as a fresh file of that ratio would be counted', async () => {
    const model = 'dynasegformer-b0-street-k70';
    const at = async (keep: number) => {
      printed = '';
      await inspect({ model, size: { height: 64, width: 96 }, keep, json: true });
      return JSON.parse(printed) as {
        macs: number;
        gates: { name: string; kept: number; neurons: number }[];
      };
    };
    const [own, half] = [await at(0.7), await at(0.5)];
    expect(half.macs).toBeLessThan(own.macs);
    expect(half.gates.every(({ kept, neurons }) => kept === neurons / 2)).toBe(true);
    await expect(inspect({ model: 'segformer-b0-street', keep: 0.5, json: true })).rejects.toThrow(
      'it has no gates, so there is no keep ratio to set',
    );
  });

  it('names a file that is not a model', async () => {
    const model = join(folder, 'page.onnx');
    await writeFile(model, '<html>');
    await expect(inspect({ model, json: false })).rejects.toThrow(
      'page.onnx: not an ONNX model (it begins with "<html>"). It is a web page: the download did not give the file itself',
    );
  });

  it('reads weights beside the model, and none from outside its folder', async () => {
    const withWeightsIn = (location: string) => {
      const tensor = floatTensor('patch', [8, 3, 4, 4]);
      tensor.rawData = new Uint8Array();
      tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
      tensor.externalData.push({
        $typeName: 'onnx.StringStringEntryProto',
        key: 'location',
        value: location,
      });
      return buildOnnxBytes({
        nodes: [buildNode('Conv', ['pixel_values', 'patch'], ['y'])],
        initializers: [tensor],
      });
    };
    await writeFile(join(folder, 'weights.bin'), new Uint8Array(384 * 4));
    await writeFile(join(folder, 'good.onnx'), withWeightsIn('weights.bin'));
    expect(await inspect({ model: join(folder, 'good.onnx'), json: true })).toBe(0);
    await writeFile(join(folder, 'bad.onnx'), withWeightsIn('../../etc/passwd'));
    await expect(inspect({ model: join(folder, 'bad.onnx'), json: true })).rejects.toThrow(
      'bad.onnx: its weights are in ../../etc/passwd, which was not given',
    );
  });
});
