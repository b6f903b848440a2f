import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { FuzzRandom } from './fuzzRandom.ts';
import { EDGE_NUMBERS, mutateBytes } from './mutateBytes.ts';

interface Field {
  number: number;
  type: WireType;
  /** Its value as it stands in the file: a varint or number as bytes, a length-delimited one without its length. */
  value: Uint8Array;
}

/** The fields of a message; null where the bytes are none. */
function fieldsOf(bytes: Uint8Array): Field[] | null {
  const fields: Field[] = [];
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag();
      if (type === WireType.LengthDelimited) fields.push({ number, type, value: reader.bytes() });
      else if (type === WireType.StartGroup || type === WireType.EndGroup) return null;
      else {
        const start = reader.pos;
        reader.skip(type);
        fields.push({ number, type, value: bytes.subarray(start, reader.pos) });
      }
    }
    return fields;
  } catch {
    return null;
  }
}

function joinFields(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const { number, type, value } of fields) {
    writer.tag(number, type);
    if (type === WireType.LengthDelimited) writer.bytes(value);
    else writer.raw(value);
  }
  return writer.finish();
}

const varint = (value: number) => new BinaryWriter().uint64(value).finish();

function changeFields(fields: Field[], random: FuzzRandom): void {
  const at = random.below(fields.length);
  const field = fields[at]!;
  switch (random.below(6)) {
    case 0:
      fields.splice(at, 1);
      break;
    case 1:
      fields.splice(random.below(fields.length + 1), 0, { ...field });
      break;
    case 2:
      field.number = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 20, 25, 500, field.number + 1]);
      break;
    case 3:
      fields.reverse();
      break;
    case 4:
      fields[at] = { number: field.number, type: WireType.Varint, value: varint(random.pick(EDGE_NUMBERS)) };
      break;
    default:
      if (field.type === WireType.Varint) field.value = varint(random.pick(EDGE_NUMBERS));
      else if (field.value.length > 0) field.value = mutateBytes(field.value, random);
  }
}

/**
 * A protobuf message with one change at a random depth: fields left out, doubled, renumbered, of another type or with
 * another value. The lengths around it are right, so that readers get as far as the change.
 */
export function mutateProtobuf(original: Uint8Array, random: FuzzRandom): Uint8Array {
  const fields = fieldsOf(original);
  if (!fields || fields.length === 0) return original.length > 0 ? mutateBytes(original, random) : original;
  const inner = fields.filter(({ type, value }) => type === WireType.LengthDelimited && value.length > 1);
  if (inner.length > 0 && random.chance(75)) {
    const field = random.pick(inner);
    field.value = mutateProtobuf(field.value, random);
  } else changeFields(fields, random);
  return joinFields(fields);
}
