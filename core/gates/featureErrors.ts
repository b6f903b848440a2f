/** How far a student's features are from its teacher's, position by position of a stage. */
export interface FeatureErrors {
  readonly height: number;
  readonly width: number;
  /** Squared distance over the teacher's mean squared length, float32 [height, width]; 0: the same. */
  readonly errors: Float32Array;
  /** Mean over positions: what distillation makes small. */
  readonly mean: number;
}

/**
 * Compares two maps float32 [channels, height, width].
 *
 * @param dims [1, channels, height, width]
 */
export function featureErrors(
  teacher: Float32Array,
  student: Float32Array,
  dims: readonly number[],
): FeatureErrors {
  const [, channels = 0, height = 0, width = 0] = dims;
  const positions = height * width;
  const errors = new Float32Array(positions);
  let length = 0;
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < positions; p++) {
      const at = c * positions + p;
      const difference = teacher[at]! - student[at]!;
      errors[p]! += difference * difference;
      length += teacher[at]! * teacher[at]!;
    }
  }
  const scale = length === 0 ? 0 : positions / length;
  let sum = 0;
  for (let p = 0; p < positions; p++) {
    errors[p]! *= scale;
    sum += errors[p]!;
  }
  return { height, width, errors, mean: positions === 0 ? 0 : sum / positions };
}
