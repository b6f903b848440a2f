import type { ModelInfo } from '../models/modelInfo.ts';
import type { CutStudent } from './cutReport.ts';

export interface CutCardParts {
  /** Of the smaller student. */
  readonly id: string;
  /** The student that it was made of. */
  readonly source: Pick<ModelInfo, 'id' | 'name' | 'sha256' | 'card' | 'classTable'>;
  readonly student: CutStudent;
}

/** card.json of a student whose never kept neurons were cut: what it is, and how it was made. */
export function cutCard({ id, source, student }: CutCardParts) {
  const { gates, report, parameters, onnx } = student;
  const neurons = gates.reduce((sum, gate) => sum + gate.neurons, 0);
  const kept = gates.reduce((sum, gate) => sum + gate.kept, 0);
  return {
    version: 1,
    id,
    role: 'student' as const,
    name: `${source.name}, cut`,
    keepRatio: kept / neurons,
    ...(source.card?.teacher != null && { teacher: source.card.teacher }),
    gates,
    parameters,
    bytes: onnx.length,
    input: { name: 'pixel_values', shape: [1, 3, 'height', 'width'] },
    output: { name: 'logits', shape: [1, source.classTable.classes.length, 'height/4', 'width/4'] },
    recipe: {
      tool: 'dynaseg gates --cut-never',
      source: source.id,
      sourceSha256: source.sha256,
      ...report,
    },
    ...(source.card?.licence !== undefined && { licence: source.card.licence }),
  };
}
