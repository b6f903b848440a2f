import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** What a look at the outermost layer of the protobuf says about bytes that should be an ONNX model. */
export type OnnxScan =
  | { readonly kind: 'model' }
  | { readonly kind: 'notOnnx' }
  | { readonly kind: 'truncated'; readonly missingBytes: number };

const graphField = 7;

/** ModelProto's fields and how each is encoded; other numbers are left to the future. */
const wireTypes = new Map<number, WireType>([
  [1, WireType.Varint],
  [2, WireType.LengthDelimited],
  [3, WireType.LengthDelimited],
  [4, WireType.LengthDelimited],
  [5, WireType.Varint],
  [6, WireType.LengthDelimited],
  [graphField, WireType.LengthDelimited],
  [8, WireType.LengthDelimited],
  [14, WireType.LengthDelimited],
  [20, WireType.LengthDelimited],
  [25, WireType.LengthDelimited],
  [26, WireType.LengthDelimited],
]);

/**
 * Walks the top-level fields without decoding them, to tell "something else" from "cut off".
 *
 * A file counts as truncated only where everything before the end was a model's field: random bytes also claim
 * lengths past their end.
 */
export function scanOnnx(bytes: Uint8Array): OnnxScan {
  const reader = new BinaryReader(bytes);
  let known = 0;
  let hasGraph = false;
  while (reader.pos < reader.len) {
    try {
      const [field, wireType] = reader.tag();
      const expected = wireTypes.get(field);
      if (expected !== undefined && expected !== wireType) return { kind: 'notOnnx' };
      if (expected === undefined && known === 0) return { kind: 'notOnnx' };
      if (wireType === WireType.LengthDelimited) {
        const length = reader.uint32();
        const missing = length - (reader.len - reader.pos);
        if (missing > 0) {
          return known > 0 && expected !== undefined
            ? { kind: 'truncated', missingBytes: missing }
            : { kind: 'notOnnx' };
        }
        reader.pos += length;
      } else {
        reader.skip(wireType, field);
      }
      if (expected !== undefined) known++;
      if (field === graphField) hasGraph = true;
    } catch {
      // A number or a tag that ends in the middle, or one that protobuf does not have.
      return { kind: 'notOnnx' };
    }
  }
  return hasGraph ? { kind: 'model' } : { kind: 'notOnnx' };
}
