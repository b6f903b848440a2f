import { requiredInput, sameAsFirstInput } from './operator.ts';
import type { Operator, OperatorTable } from './operator.ts';

/** One mean and one deviation for each row beside the normalised tensor. */
const layerNormalisation: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const axis = call.attributes.int('axis', -1);
    const first = axis < 0 ? axis + shape.length : axis;
    const rows = shape.map((dim, d) => (d < first ? dim : 1));
    return [
      { type, shape },
      { type, shape: rows },
      { type, shape: rows },
    ];
  },
};

/** Adds two inputs and normalises the sum; the fourth output is the sum. */
const skipLayerNormalisation: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const rows = shape.map((dim, d) => (d < shape.length - 1 ? dim : 1));
    return [
      { type, shape },
      { type, shape: rows },
      { type, shape: rows },
      { type, shape },
    ];
  },
};

/** Normalisations: their scales and biases are parameters, their arithmetic is not counted. */
export const normalisationOperators: OperatorTable = {
  // The running mean and variance are statistics, not parameters.
  BatchNormalization: { ...sameAsFirstInput, notParameters: [3, 4] },
  GroupNormalization: sameAsFirstInput,
  InstanceNormalization: sameAsFirstInput,
  LayerNormalization: layerNormalisation,
  LRN: sameAsFirstInput,
  LpNormalization: sameAsFirstInput,
  MeanVarianceNormalization: sameAsFirstInput,
  RMSNormalization: sameAsFirstInput,
  SimplifiedLayerNormalization: layerNormalisation,
  'com.microsoft::SkipLayerNormalization': skipLayerNormalisation,
  'com.microsoft::SkipSimplifiedLayerNormalization': skipLayerNormalisation,
};
