import type { GatedLayer } from '../gates/gateLayout.ts';
import { findGates, type GateNodes } from './findGates.ts';
import type { OnnxModel } from './onnxModel.ts';
import { ProblemError } from '../problem.ts';

const GATE_NAME = /^gate\.(\d+)\.(\d+)\.(qk|v|ffn)$/;

/**
 * The gated layers of a student whose graph says which neurons it kept, in the order in which they run. None for a
 * graph without gates, and for gates of other students than the studio's.
 */
export function gatedLayers(model: OnnxModel): GatedLayer[] {
  const outputs = new Set(model.proto.graph?.output.map(({ name }) => name));
  return knownGates(model).flatMap(({ name, groups, width }): GatedLayer[] => {
    const [, stage, block, kind] = GATE_NAME.exec(name) ?? [];
    if (stage === undefined || block === undefined || !outputs.has(name)) return [];
    return [
      {
        name,
        stage: Number(stage),
        block: Number(block),
        kind: kind === 'qk' || kind === 'v' ? kind : 'ffn',
        neurons: groups * width,
        groups,
      },
    ];
  });
}

/** None for gates of another make: the model runs all the same, without telling what its gates did. */
export function knownGates(model: OnnxModel): GateNodes[] {
  try {
    return findGates(model);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'retarget.gate') return [];
    throw error;
  }
}
