import { toBinary } from '@bufbuild/protobuf';
import type { OnnxModel } from './onnxModel.ts';
import { ModelProtoSchema } from './proto/onnx.generated.ts';

/**
 * Encodes a model that readOnnx read, as changed since. Nothing is lost: fields that the studio does not know are
 * written back as they were. Weights in other files stay there.
 *
 * @returns the bytes of an ONNX file; they decode to the same model, field order and padding may differ
 */
export function writeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  return toBinary(ModelProtoSchema, model.proto);
}
