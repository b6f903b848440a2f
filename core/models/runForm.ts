import { externalBytes, externalFileNames, externalLocation } from '../onnx/externalData.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { TensorProto_DataLocation } from '../onnx/proto/onnx.generated.ts';
import type { EmitBackend } from '../onnx/segformer/emitOptions.ts';
import { optimiseModel } from '../onnx/segformer/optimiseModel.ts';
import { writeOnnx } from '../onnx/writeOnnx.ts';
import { ProblemError } from '../problem.ts';
import { adaptGraph } from './adaptGraph.ts';
import { copyForChanges } from './copyForChanges.ts';
import type { ModelMapping } from './modelMapping.ts';

/** `plain`: the model's own graph, in the studio's form; others: rewritten to run fastest on a backend. */
export type RunForm = EmitBackend | 'plain';

/** Raised whenever adaptGraph writes other files than before. */
export const adapterVersion = 1;

/** The bytes of one message, and so of one file without others beside it. */
const MOST_BYTES = 2 ** 31 - 1;

/** What is run in place of a model's own file; without bytes it is that file. */
export type MadeForm =
  | { readonly optimised: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | {
      readonly optimised: false;
      readonly bytes?: Uint8Array<ArrayBuffer>;
      /** Why it is not: what of the graph was expected and found. */
      readonly where: string;
      readonly expected: string;
      readonly found: string;
    };

/**
 * Makes the form of a model that runs: with the studio's input and output, its weights within, and rewritten where it
 * is a SegFormer that can be.
 *
 * @param mapping null: the graph has the studio's form
 * @throws ProblemError `model.mapping`, `model.tooLarge`, `onnx.externalData`, and for a damaged file
 */
export function makeRunForm(model: OnnxModel, form: RunForm, mapping: ModelMapping | null): MadeForm {
  const adapted = mapping && adaptGraph(model, mapping);
  const graph = adapted ?? model;
  let why = { where: 'graph', expected: 'a form to make', found: 'the model as it is' };
  if (form !== 'plain') {
    const made = optimiseModel(graph, form);
    if (made.optimised) return made;
    why = { where: made.where, expected: made.expected, found: made.found };
  }
  if (!adapted && externalFileNames(model).length === 0) return { optimised: false, ...why };
  return { optimised: false, ...why, bytes: writeOnnx(withWeightsInside(graph)) };
}

/** A copy whose weights are in the file itself: a browser's session has no folder to look into. */
function withWeightsInside(model: OnnxModel): OnnxModel {
  const copy = copyForChanges(model);
  let total = 0;
  for (const tensor of copy.proto.graph?.initializer ?? []) {
    const location = externalLocation(tensor);
    const bytes = location && externalBytes(model, location);
    if (!bytes) continue;
    total += bytes.length;
    if (total > MOST_BYTES) {
      throw new ProblemError({
        code: 'model.tooLarge',
        subject: model.subject,
        title: 'its weights are more than the 2 GB that one session can be given',
        hint: 'Export it in fp16 or int8',
      });
    }
    tensor.rawData = new Uint8Array(bytes);
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
    tensor.externalData = [];
  }
  return copy;
}
