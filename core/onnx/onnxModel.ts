import type { ModelProto } from './proto/onnx.generated.ts';

/** An ONNX file that was read: the decoded protobuf and what had to be known to decode it. */
export interface OnnxModel {
  /** The decoded file. Changing it changes what writeOnnx writes. */
  readonly proto: ModelProto;
  /** What messages call it: a file name, a model id. */
  readonly subject: string;
  /** Version of the file format, 3 to 14 today. */
  readonly irVersion: number;
  /** Operator set version by domain; ONNX's own domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Domains other than ONNX's that nodes of the graph use, sorted; functions that the file defines itself are not among them. */
  readonly customDomains: readonly string[];
  /** Files beside the model that hold weights, by the location that the model gives. */
  readonly externalFiles: ReadonlyMap<string, Uint8Array>;
}

/** ONNX's own domain has two spellings. */
export function normaliseDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
