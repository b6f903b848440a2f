import {
  pad8,
  type LoadedAttention,
  type LoadedFfn,
  type LoadedGate,
  type LoadedLayer,
  type LoadedSegformer,
} from './loadSegformer.ts';

/**
 * A loaded model with other numbers of kept neurons, on the same weights: the kernels gather what is kept at each run.
 * `kept`: of a group, by the name of the gate; gates that it does not name stay as they are.
 */
export function withKept(model: LoadedSegformer, kept: ReadonlyMap<string, number>): LoadedSegformer {
  const changed = new Map<LoadedGate, LoadedGate>();
  for (const gate of model.gates) {
    const count = kept.get(gate.name) ?? gate.kept;
    changed.set(gate, { ...gate, kept: count, entries: pad8(count) });
  }
  const gateOf = (gate: LoadedGate): LoadedGate => changed.get(gate) ?? gate;
  const layer = (old: LoadedLayer): LoadedLayer => (old.gate ? { ...old, gate: gateOf(old.gate) } : old);

  const attention = (old: LoadedAttention): LoadedAttention => {
    const key = layer(old.key);
    const value = layer(old.value);
    return {
      ...old,
      query: old.query && layer(old.query),
      key,
      value,
      output: old.output && layer(old.output),
      queryWidth: old.query && key.gate ? key.gate.entries : old.queryWidth,
      valueWidth: old.output && value.gate ? value.gate.entries : old.valueWidth,
    };
  };
  const ffn = (old: LoadedFfn): LoadedFfn => {
    if (!old.gate) return old;
    const gate = gateOf(old.gate);
    return { ...old, gate, neurons: gate.groups * gate.entries, fc1: layer(old.fc1), fc2: layer(old.fc2) };
  };
  return {
    ...model,
    gates: model.gates.map(gateOf),
    stages: model.stages.map((stage) => ({
      ...stage,
      blocks: stage.blocks.map((block) => ({
        ...block,
        attention: attention(block.attention),
        ffn: ffn(block.ffn),
      })),
    })),
  };
}
