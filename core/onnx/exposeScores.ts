import { buildValue } from './buildModel.ts';
import { findGates } from './findGates.ts';
import type { OnnxModel } from './onnxModel.ts';

/**
 * Makes the gates' logits outputs of a student's graph, float32 [groups, neurons of a group], in place.
 *
 * @returns the outputs' names by gate
 * @throws ProblemError `retarget.gate`
 */
export function exposeScores(model: OnnxModel): ReadonlyMap<string, string> {
  const outputs = model.proto.graph?.output ?? [];
  const exposed = new Map<string, string>();
  for (const { name, topK, groups, width } of findGates(model)) {
    const scores = topK.input[0]!;
    exposed.set(name, scores);
    if (!outputs.some((output) => output.name === scores)) outputs.push(buildValue(scores, [groups, width]));
  }
  return exposed;
}
