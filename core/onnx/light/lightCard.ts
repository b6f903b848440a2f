import { gatesOf, neuronsOf } from '../segformer/segformerGraph.ts';
import type { Gate } from '../segformer/segformerGraph.ts';
import type { ModelInfo } from '../../models/modelInfo.ts';
import { int8Layers } from './lightLayers.ts';
import type { LightenedModel } from './lightenSegformer.ts';

export interface LightCardParts {
  /** The light model's. */
  readonly id: string;
  /** What it was made of. */
  readonly source: Pick<ModelInfo, 'id' | 'name' | 'sha256' | 'card' | 'classTable' | 'role'>;
  readonly made: LightenedModel;
  /** Height and width that it is fed, where the source is fed another size; null: the same. */
  readonly size: { readonly height: number; readonly width: number } | null;
}

/** card.json of a light model: what it is, and how it was made. */
export function lightCard({ id, source, made, size }: LightCardParts) {
  const { graph, report, parameters, onnx } = made;
  const gates = gatesOf(graph);
  const neurons = gates.reduce((sum, gate) => sum + neuronsOf(gate), 0);
  const kept = gates.reduce((sum, gate) => sum + gate.groups * gate.kept, 0);
  const of = size ? `light, ${size.width}x${size.height}` : 'light';
  return {
    version: 1,
    id,
    role: 'student' as const,
    name: `${source.name}, ${of}`,
    keepRatio: gates.length === 0 ? 1 : Math.round((kept / neurons) * 1000) / 1000,
    teacher: source.role === 'teacher' ? source.id : (source.card?.teacher ?? source.id),
    gates: gates.map(gateRow),
    head: 'folded',
    parameters,
    bytes: onnx.length,
    weights: 'int8 where products are in integers, else float16',
    activation: 'gelu, by tanh',
    input: { name: graph.inputName, shape: [1, 3, 'height', 'width'] },
    output: {
      name: graph.outputName,
      shape: [1, source.classTable.classes.length, 'height/4', 'width/4'],
    },
    recipe: {
      tool: 'dynaseg lighten',
      training: 'none',
      source: source.id,
      sourceSha256: source.sha256,
      int8: int8Layers(graph),
      ...report,
    },
    ...(source.card?.licence !== undefined && { licence: source.card.licence }),
  };
}

function gateRow(gate: Gate) {
  const [, stage = '0', block = '0'] = gate.name.split('.');
  return {
    name: gate.name,
    stage: Number(stage),
    block: Number(block),
    kind: gate.kind,
    neurons: neuronsOf(gate),
    groups: gate.groups,
    kept: gate.groups * gate.kept,
  };
}
