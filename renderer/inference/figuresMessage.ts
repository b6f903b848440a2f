import type { ClassIds } from '#core/mask/classMap.ts';
import type { ConfusionMatrixJson } from '#core/metrics/confusionMatrix.ts';
import type { Problem } from '#core/problem.ts';
import type { FigureInput } from '../store/imageFigures.ts';

export interface FiguresRequest {
  readonly id: number;
  readonly input: FigureInput;
}

/** ImageFigures as data: a matrix is a class of its own and does not survive the way between threads. */
export interface FiguresResponse {
  readonly id: number;
  readonly teacherStudent: ConfusionMatrixJson | null;
  readonly truthTeacher: ConfusionMatrixJson | null;
  readonly truthStudent: ConfusionMatrixJson | null;
  /** The student's ids in the teacher's table; null where they are the same as in its own. */
  readonly translated: ClassIds | null;
  readonly problem: Problem | null;
}
