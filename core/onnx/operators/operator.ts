import type { Attributes } from '../attributes.ts';
import type { DataType } from '../dataType.ts';

/** A constant of the file that a tensor holds a copy of: whole, a part, cast or rearranged. */
export interface WeightOrigin {
  readonly name: string;
  readonly type: DataType;
  readonly elements: number;
}

/** What is known of a tensor before the model runs. */
export interface TensorFact {
  readonly type: DataType;
  /** Concrete dimensions, outermost first; [] for a scalar. */
  readonly shape: readonly number[];
  /** Row-major values of a small tensor whose values do not depend on the picture. Booleans are 0 and 1. */
  readonly values?: readonly number[];
  /** The constants it was copied from; undefined for anything computed from the picture alone. */
  readonly weights?: readonly WeightOrigin[];
}

/** One node with everything that its shapes depend on. */
export interface OperatorCall {
  /** The node's name, or its first output's where it has none. */
  readonly name: string;
  /** `Conv`, `com.microsoft::Gelu`. */
  readonly op: string;
  /** Undefined where an optional input is left out. */
  readonly inputs: readonly (TensorFact | undefined)[];
  readonly attributes: Attributes;
  /** How many outputs the node names. */
  readonly outputCount: number;
}

/** Facts of the outputs, in order; undefined, or missing, where they depend on the picture. */
export type OutputFacts = readonly (TensorFact | undefined)[];

/** What the studio knows of one ONNX operator. */
export interface Operator {
  /** @throws ShapeError where the inputs do not fit the operator or each other */
  readonly infer: (call: OperatorCall) => OutputFacts;
  /** Multiply-adds of one run; left out where an operator has none that count. */
  readonly macs?: (call: OperatorCall, outputs: OutputFacts) => number;
  /** Its outputs are copies of its inputs: constants pass through to whoever computes with them. */
  readonly copies?: boolean;
  /** Inputs whose constants are not parameters: scales, zero points, running statistics. */
  readonly notParameters?: readonly number[];
  /** Constants of type int32 are parameters to it: the biases of quantised layers. */
  readonly int32Parameters?: boolean;
}

/** Operators by name; those of other domains than ONNX's as `domain::Name`. */
export type OperatorTable = Readonly<Record<string, Operator>>;

/** Inputs that do not fit an operator. The evaluator adds which node and which file. */
export class ShapeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ShapeError';
  }
}

/** The input at `index`. @throws ShapeError where it was left out */
export function requiredInput(call: OperatorCall, index: number): TensorFact {
  const fact = call.inputs[index];
  if (fact === undefined) throw new ShapeError(`has no input ${index}`);
  return fact;
}

/** The first output, where the operator has computed it. */
export function firstShape(outputs: OutputFacts): readonly number[] {
  return outputs[0]?.shape ?? [];
}

/** An operator whose first output has the shape and type of its first input. */
export const sameAsFirstInput: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    return [{ type, shape }];
  },
};
