import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { ProblemError } from '../problem.ts';
import { ModelProtoSchema } from './proto/onnx.generated.ts';

/**
 * Against files made to fill memory: every message is an object and every typed number some 30 bytes, whatever few
 * bytes they take in the file. SegFormer-B5 has 9,000 nodes and 60,000 messages; weights lie in raw bytes.
 */
export const ONNX_LIMITS = { messages: 2_000_000, depth: 64, typedBytes: 256 * 1024 * 1024 };

/** What an element of a list costs at least, however few bytes it has. */
const ELEMENT_BYTES = 8;

/** Fields of a message by number: all, those that hold messages, lists of numbers or texts. */
interface MessageFields {
  readonly known: ReadonlySet<number>;
  readonly messages: ReadonlyMap<number, DescMessage>;
  readonly lists: ReadonlySet<number>;
}
const knownFields = new Map<DescMessage, MessageFields>();

function fieldsOf(type: DescMessage): MessageFields {
  const looked = knownFields.get(type);
  if (looked) return looked;
  const messages = new Map<number, DescMessage>();
  const lists = new Set<number>();
  for (const field of type.fields) {
    if (field.message) messages.set(field.number, field.message);
    else if (field.fieldKind === 'list') lists.add(field.number);
  }
  const known = new Set(type.fields.map(({ number }) => number));
  const fields = { known, messages, lists };
  knownFields.set(type, fields);
  return fields;
}

/**
 * Counts what decoding would make of an ONNX file, without making it. Bytes that are no protobuf are left to the
 * decoder.
 *
 * @throws ProblemError `onnx.tooComplex` for more messages, deeper nesting or more typed numbers than any model has
 */
export function checkLimits(bytes: Uint8Array, subject: string, limits = ONNX_LIMITS): void {
  // An own stack: nesting must not be able to overflow the engine's.
  const open = [{ part: bytes, reader: new BinaryReader(bytes), fields: fieldsOf(ModelProtoSchema) }];
  let messages = 1;
  let typed = 0;
  const tooMuch = (title: string) =>
    new ProblemError({
      code: 'onnx.tooComplex',
      subject,
      title,
      hint: 'It is no model that an exporter writes; take it from another source',
    });
  try {
    for (let at = open.at(-1); at; at = open.at(-1)) {
      const { part, reader, fields } = at;
      if (reader.pos >= reader.len) {
        open.pop();
        continue;
      }
      const [number, wire] = reader.tag();
      // Groups nest on the engine's stack where they are skipped; ONNX has none.
      if (wire === WireType.StartGroup || wire === WireType.EndGroup)
        throw tooMuch('groups, which ONNX does not have');
      if (!fields.known.has(number)) messages += 1;
      if (fields.lists.has(number)) typed += ELEMENT_BYTES;
      const start = skipField(reader, wire, number);
      const inner = fields.messages.get(number);
      if (fields.lists.has(number)) typed += reader.pos - start;
      if (inner) messages += 1;
      if (typed > limits.typedBytes) {
        throw tooMuch(`more than ${limits.typedBytes >> 20} MB of numbers outside of raw bytes`);
      }
      if (messages > limits.messages) throw tooMuch(`more than ${limits.messages} parts`);
      if (!inner || wire !== WireType.LengthDelimited) continue;
      if (open.length >= limits.depth) throw tooMuch(`nested deeper than ${limits.depth} levels`);
      const within = part.subarray(start, reader.pos);
      open.push({ part: within, reader: new BinaryReader(within), fields: fieldsOf(inner) });
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    // No protobuf: the decoder says so.
  }
}

/** Moves behind a field's value. @returns where it begins, behind its length. @throws where it ends behind the bytes */
function skipField(reader: BinaryReader, wire: WireType, number: number): number {
  if (wire !== WireType.LengthDelimited) {
    const start = reader.pos;
    reader.skip(wire, number);
    return start;
  }
  const length = reader.uint32();
  const start = reader.pos;
  if (length > reader.len - start) throw new RangeError('a field ends behind its message');
  reader.pos += length;
  return start;
}
