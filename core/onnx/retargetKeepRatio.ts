import { findGates } from './findGates.ts';
import type { GateNodes } from './findGates.ts';
import type { OnnxModel } from './onnxModel.ts';
import { ProblemError } from '../problem.ts';

/**
 * Sets the share of neurons that each gate lets through, 0 to 1 (at least one), in place: the number that TopK
 * takes, and the groups of the depthwise convolution that gets them. Everything else follows from these.
 * Throws ProblemError `retarget.noGates`, `retarget.gate`.
 */
export function retargetKeepRatio(model: OnnxModel, keepRatio: number): void {
  const gates = findGates(model);
  if (gates.length === 0) {
    throw new ProblemError({
      code: 'retarget.noGates',
      subject: model.subject,
      title: 'it has no gates, so there is no keep ratio to set',
      hint: 'Choose a student of this studio, or prune a model to get one',
    });
  }
  for (const gate of gates) {
    const kept = Math.round(gate.width * keepRatio);
    setKept(gate, Math.min(gate.width, Math.max(1, kept)));
  }
}

/** Sets how many neurons of each group a gate lets through, in place. */
export function setKept(gate: GateNodes, kept: number): void {
  gate.count.int64Data = [];
  gate.count.rawData = new Uint8Array(BigInt64Array.of(BigInt(kept)).buffer);
  for (const conv of gate.convolutions) {
    const group = conv.attribute.find(({ name }) => name === 'group');
    if (group?.i === BigInt(gate.kept * gate.groups)) group.i = BigInt(kept * gate.groups);
  }
}
