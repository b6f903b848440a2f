import { fromBinary } from '@bufbuild/protobuf';
import { ProblemError } from '../problem.ts';
import { checkLimits } from './checkLimits.ts';
import { missingExternalFiles } from './externalData.ts';
import { normaliseDomain } from './onnxModel.ts';
import type { OnnxModel } from './onnxModel.ts';
import { ModelProtoSchema } from './proto/onnx.generated.ts';
import type { GraphProto, ModelProto, NodeProto } from './proto/onnx.generated.ts';
import { scanOnnx } from './scanOnnx.ts';

/** Protobuf's own limit for one message. */
const maxModelBytes = 2 ** 31 - 1;

export interface ReadOnnxOptions {
  /**
   * The files beside the model that hold weights, by the location that the model gives (`model.onnx_data`).
   * `'leave'` reads a model without them: its tensors of external data have shapes but no values.
   */
  externalFiles?: ReadonlyMap<string, Uint8Array> | 'leave';
  /** Refuse more bytes than this; 2 GB, protobuf's limit, unless given. */
  maxBytes?: number;
}

/**
 * Decodes an ONNX file. Tensors are views into `bytes`, not copies; fields that the studio does not know are kept
 * for writeOnnx.
 *
 * @param bytes the whole file
 * @param subject what messages call the file: `model.onnx`
 * @throws ProblemError `onnx.notOnnx`, `onnx.truncated`, `onnx.damaged`, `onnx.tooLarge`, `onnx.tooComplex`, `onnx.externalData`
 */
export function readOnnx(bytes: Uint8Array, subject: string, options: ReadOnnxOptions = {}): OnnxModel {
  const maxBytes = options.maxBytes ?? maxModelBytes;
  if (bytes.length > maxBytes) {
    throw new ProblemError({
      code: 'onnx.tooLarge',
      subject,
      title: `${bytes.length} bytes, more than the ${maxBytes} that an ONNX file can have`,
      hint: 'Export it with its weights as external data',
    });
  }
  const scan = scanOnnx(bytes);
  if (scan.kind === 'notOnnx') throw notOnnx(bytes, subject);
  if (scan.kind === 'truncated') {
    throw new ProblemError({
      code: 'onnx.truncated',
      subject,
      title: `cut off after ${bytes.length} bytes: at least ${scan.missingBytes} are missing`,
      hint: 'Copy or download the file again',
    });
  }
  checkLimits(bytes, subject);
  const proto = decode(bytes, subject);
  const externalFiles = options.externalFiles ?? new Map<string, Uint8Array>();
  const model: OnnxModel = {
    proto,
    subject,
    irVersion: Number(proto.irVersion),
    opsets: new Map(proto.opsetImport.map((o) => [normaliseDomain(o.domain), Number(o.version)])),
    customDomains: findCustomDomains(proto),
    externalFiles: externalFiles === 'leave' ? new Map() : externalFiles,
  };
  if (externalFiles !== 'leave') {
    const missing = missingExternalFiles(model);
    if (missing.length > 0) {
      throw new ProblemError({
        code: 'onnx.externalData',
        subject,
        title: `its weights are in ${missing.join(', ')}, which was not given`,
        hint: 'Keep the files that belong to a model in one folder and open that folder',
      });
    }
  }
  return model;
}

function decode(bytes: Uint8Array, subject: string): ModelProto {
  try {
    // Node's Buffer is a Uint8Array whose slice does not copy; tensors must not be views of that kind.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    const proto = fromBinary(ModelProtoSchema, plain);
    if (proto.opsetImport.length === 0) throw new Error('it names no operator set');
    return proto;
  } catch (error) {
    throw new ProblemError(
      {
        code: 'onnx.damaged',
        subject,
        title: 'an ONNX model whose content is damaged',
        detail: error instanceof Error ? error.message : String(error),
        hint: 'Copy, download or export the file again',
      },
      { cause: error },
    );
  }
}

/** Files that people take for a model, by their first bytes. */
const lookalikes: readonly { readonly start: string; readonly hint: string }[] = [
  { start: 'version https://git-lfs', hint: 'It is a Git LFS pointer: run git lfs pull in its repository' },
  { start: '<', hint: 'It is a web page: the download did not give the file itself' },
  { start: 'PK', hint: 'It is a zip archive, perhaps a PyTorch checkpoint: export it to ONNX first' },
];

function notOnnx(bytes: Uint8Array, subject: string): ProblemError {
  const start = Array.from(bytes.subarray(0, 64), (byte) => String.fromCharCode(byte)).join('');
  const lookalike = lookalikes.find((candidate) => start.startsWith(candidate.start));
  const title =
    bytes.length === 0
      ? 'not an ONNX model (it is empty)'
      : `not an ONNX model (it begins with ${describeStart(bytes)})`;
  return new ProblemError({ code: 'onnx.notOnnx', subject, title, hint: lookalike?.hint });
}

/** The first bytes as quoted text where they are printable ASCII, in hexadecimal otherwise. */
function describeStart(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 16);
  if (start.every((byte) => byte >= 0x20 && byte < 0x7f)) return `"${String.fromCharCode(...start)}"`;
  return Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function findCustomDomains(proto: ModelProto): string[] {
  const own = new Set(proto.functions.map((f) => normaliseDomain(f.domain)));
  const used = new Set<string>();
  const visit = (nodes: readonly NodeProto[]) => {
    for (const node of nodes) {
      used.add(normaliseDomain(node.domain));
      for (const attribute of node.attribute) {
        const graphs: GraphProto[] = [...attribute.graphs, ...(attribute.g ? [attribute.g] : [])];
        for (const graph of graphs) visit(graph.node);
      }
    }
  };
  visit(proto.graph?.node ?? []);
  for (const f of proto.functions) visit(f.node);
  return [...used].filter((domain) => domain !== '' && !own.has(domain)).sort();
}
