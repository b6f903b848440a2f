import type { OnnxModel } from '../onnxModel.ts';
import { writeOnnx } from '../writeOnnx.ts';
import type { EmitBackend } from './emitOptions.ts';
import { emitSegformer } from './emitSegformer.ts';
import { recogniseSegformer } from './recogniseSegformer.ts';
import type { NotRecognised } from './recogniseSegformer.ts';

/** Raised whenever the emitter writes other files than before: what was written earlier is then made again. */
export const optimiserVersion = 3;

export type Optimisation =
  | { readonly optimised: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | ({ readonly optimised: false } & NotRecognised);

/**
 * A model in the form that is fastest on a backend, or why it stays as it is. Logits are those of the original, to
 * 1e-4; gates keep their names.
 *
 * @throws ProblemError for a damaged file
 */
export function optimiseModel(model: OnnxModel, backend: EmitBackend): Optimisation {
  const recognition = recogniseSegformer(model);
  if (!recognition.recognised) return { optimised: false, ...recognition };
  return { optimised: true, bytes: writeOnnx(emitSegformer(recognition.graph, { backend })) };
}
