import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { buildNode, buildOnnxBytes, floatTensor } from './buildModel.ts';
import { GraphProtoSchema, ModelProtoSchema } from './proto/onnx.generated.ts';
import { readOnnx } from './readOnnx.ts';
import { writeOnnx } from './writeOnnx.ts';

const bytes = buildOnnxBytes({
  nodes: [buildNode('Conv', ['pixel_values', 'w'], ['y'], { strides: [2, 2], group: 1, auto_pad: 'VALID' })],
  initializers: [floatTensor('w', [4, 3, 2, 2])],
});

/** The same file with a field 1000 in the model and in its graph, as a later version of ONNX may have. */
function withUnknownFields(): Uint8Array {
  const unknown = new BinaryWriter().tag(1000, WireType.LengthDelimited).string('from the future').finish();
  const proto = fromBinary(ModelProtoSchema, bytes);
  const graph = Uint8Array.of(...toBinary(GraphProtoSchema, proto.graph!), ...unknown);
  proto.graph = undefined;
  const writer = new BinaryWriter().tag(7, WireType.LengthDelimited).bytes(graph);
  return Uint8Array.of(...toBinary(ModelProtoSchema, proto), ...writer.finish(), ...unknown);
}

describe('writeOnnx', () => {
  it('writes what was read', () => {
    const model = readOnnx(bytes, 'model.onnx');
    const written = writeOnnx(model);
    expect(written).toEqual(bytes);
    expect(readOnnx(written, 'model.onnx').proto).toEqual(model.proto);
  });

  it('keeps fields that it does not know, at every level', () => {
    const model = readOnnx(withUnknownFields(), 'model.onnx');
    const again = readOnnx(writeOnnx(model), 'model.onnx').proto;
    expect(again).toEqual(model.proto);
    expect(again.$unknown).toMatchObject([{ no: 1000 }]);
    expect(again.graph?.$unknown).toMatchObject([{ no: 1000 }]);
    const text = again.graph?.$unknown?.[0]?.data ?? new Uint8Array();
    expect(String.fromCharCode(...text)).toContain('from the future');
  });

  it('writes what was changed', () => {
    const model = readOnnx(bytes, 'model.onnx');
    model.proto.graph!.node[0]!.name = 'renamed';
    expect(readOnnx(writeOnnx(model), 'model.onnx').proto.graph?.node[0]?.name).toBe('renamed');
  });
});
