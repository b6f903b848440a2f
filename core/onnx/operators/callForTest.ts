import { Attributes } from '../attributes.ts';
import { buildNode } from '../buildModel.ts';
import type { AttributeLiteral } from '../buildModel.ts';
import { dataTypes } from '../dataType.ts';
import { findOperator } from './findOperator.ts';
import type { OperatorCall, OutputFacts, TensorFact } from './operator.ts';

/** A float32 tensor of which only the shape is known. */
export function floats(...shape: number[]): TensorFact {
  return { type: dataTypes.FLOAT, shape };
}

/** An int64 tensor of one dimension with known values. */
export function ints(...values: number[]): TensorFact {
  return { type: dataTypes.INT64, shape: [values.length], values };
}

/** An int64 scalar with a known value. */
export function int(value: number): TensorFact {
  return { type: dataTypes.INT64, shape: [], values: [value] };
}

/** What an operator makes of literals. */
export function callForTest(
  op: string,
  inputs: readonly (TensorFact | undefined)[],
  attributes: Readonly<Record<string, AttributeLiteral>> = {},
  outputCount = 1,
): { outputs: OutputFacts; macs: number } {
  const operator = findOperator(op);
  if (!operator) throw new Error(`no operator ${op}`);
  const call: OperatorCall = {
    name: 'node',
    op,
    inputs,
    attributes: new Attributes(buildNode(op, [], [], attributes)),
    outputCount,
  };
  const outputs = operator.infer(call);
  return { outputs, macs: operator.macs?.(call, outputs) ?? 0 };
}

/** The shape of the first output. */
export function shapeForTest(...args: Parameters<typeof callForTest>): readonly number[] | undefined {
  return callForTest(...args).outputs[0]?.shape;
}

/** The values of the first output. */
export function valuesForTest(...args: Parameters<typeof callForTest>): readonly number[] | undefined {
  return callForTest(...args).outputs[0]?.values;
}
