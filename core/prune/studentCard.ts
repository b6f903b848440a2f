import type { ModelInfo } from '../models/modelInfo.ts';
import type { PruneReport } from './pruneReport.ts';

/** What a student's card is made of besides its report. */
export interface StudentCardParts {
  /** The student's. */
  readonly id: string;
  readonly teacher: Pick<ModelInfo, 'id' | 'name' | 'sha256' | 'card' | 'classTable'>;
  readonly report: PruneReport;
  readonly parameters: number;
  /** Of the ONNX file. */
  readonly bytes: number;
}

/** card.json of a student that was pruned without training: what it is, and how it was made. */
export function studentCard({ id, teacher, report, parameters, bytes }: StudentCardParts) {
  const { layers, method, budget } = report;
  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  const kept = layers.reduce((sum, layer) => sum + layer.kept, 0);
  const gated = method === 'dynamic' ? layers.filter((layer) => layer.kept < layer.neurons) : [];
  return {
    version: 1,
    id,
    role: 'student' as const,
    name: `${teacher.name}, ${method === 'dynamic' ? 'dynamically' : 'statically'} pruned to ${Math.round(budget * 100)}%`,
    keepRatio: kept / neurons,
    teacher: teacher.id,
    gates: gated.map((layer) => ({
      name: layer.name,
      stage: layer.stage,
      block: layer.block,
      kind: layer.kind,
      neurons: layer.neurons,
      groups: layer.groups,
      kept: layer.kept,
    })),
    head: 'folded',
    parameters,
    bytes,
    weights: 'float32',
    input: { name: 'pixel_values', shape: [1, 3, 'height', 'width'] },
    output: { name: 'logits', shape: [1, teacher.classTable.classes.length, 'height/4', 'width/4'] },
    recipe: {
      tool: 'dynaseg prune',
      training: 'none',
      teacherSha256: teacher.sha256,
      ...report,
    },
    ...(teacher.card?.licence !== undefined && { licence: teacher.card.licence }),
  };
}
