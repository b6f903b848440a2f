import { dataTypes } from './dataType.ts';
import { ProblemError } from '../problem.ts';
import { Attributes } from './attributes.ts';
import { constantFact, constantOfShapeFact, tensorFact } from './constantFacts.ts';
import { concreteShape, declaredShape, inputFacts } from './inputFacts.ts';
import type { InputSize } from './inputFacts.ts';
import { normaliseDomain } from './onnxModel.ts';
import type { OnnxModel } from './onnxModel.ts';
import { formatShape } from './operators/dims.ts';
import { findOperator } from './operators/findOperator.ts';
import { ShapeError } from './operators/operator.ts';
import type { Operator, OperatorCall, OutputFacts, TensorFact, WeightOrigin } from './operators/operator.ts';
import type { FunctionProto, GraphProto, NodeProto, ValueInfoProto } from './proto/onnx.generated.ts';

/** One node as it would run, with the shapes it would see. */
export interface EvaluatedNode {
  readonly call: OperatorCall;
  /** Undefined for an operator that the studio does not know. */
  readonly operator: Operator | undefined;
  /** False where an input's shape depends on the picture or on an unknown operator. */
  readonly inputsKnown: boolean;
  /** In order; undefined or missing where they are not known. */
  readonly outputs: OutputFacts;
  /** Names of the outputs, '' for one left out. */
  readonly outputNames: readonly string[];
}

/** A whole model at one input size. */
export interface GraphFacts {
  /** Every tensor of the main graph of which something is known, by name. */
  readonly values: ReadonlyMap<string, TensorFact>;
  /** In the order in which they run; functions and branches opened up. */
  readonly nodes: readonly EvaluatedNode[];
  /** Operators that the studio does not know, sorted, each once. */
  readonly unknownOperators: readonly string[];
}

/** Against files made to keep a reader busy: functions that call functions, tensors of thousands of dimensions. */
const limits = { nodes: 100_000, depth: 32, rank: 64 };

/**
 * Runs a model's shapes at a concrete input size. Every tensor gets concrete dimensions; small tensors that do not
 * depend on the picture (shapes, axes, sizes, k) get their values.
 *
 * @throws ProblemError `onnx.shape` where a node's inputs do not fit it at this size; what inputFacts throws;
 *   `onnx.damaged` for constants that are not what they say; `onnx.tooComplex` for a graph beyond any real one's size
 */
export function inferShapes(model: OnnxModel, size: InputSize): GraphFacts {
  return new Evaluator(model, size).run();
}

/** Where a node stands: what its names mean and what its attributes may refer to. */
interface Scope {
  readonly values: Map<string, TensorFact>;
  readonly outer: Scope | undefined;
  /** Put before constants' names, so that two functions' constants stay apart. */
  readonly prefix: string;
  readonly depth: number;
  readonly caller?: Attributes;
  readonly body?: FunctionProto;
}

class Evaluator {
  readonly #model: OnnxModel;
  readonly #dims: ReadonlyMap<string, number>;
  readonly #inputs: ReadonlyMap<string, TensorFact>;
  readonly #functions: ReadonlyMap<string, FunctionProto>;
  readonly #declared: ReadonlyMap<string, ValueInfoProto>;
  readonly #nodes: EvaluatedNode[] = [];
  readonly #unknown = new Set<string>();

  constructor(model: OnnxModel, size: InputSize) {
    this.#model = model;
    const { facts, dims } = inputFacts(model, size);
    this.#inputs = facts;
    this.#dims = dims;
    this.#functions = new Map(model.proto.functions.map((f) => [qualify(f.domain, f.name, f.overload), f]));
    this.#declared = new Map(model.proto.graph?.valueInfo.map((info) => [info.name, info]));
  }

  run(): GraphFacts {
    const scope: Scope = { values: new Map(this.#inputs), outer: undefined, prefix: '', depth: 0 };
    if (this.#model.proto.graph) this.#graph(this.#model.proto.graph, scope);
    return { values: scope.values, nodes: this.#nodes, unknownOperators: [...this.#unknown].sort() };
  }

  #graph(graph: GraphProto, scope: Scope): void {
    for (const tensor of graph.initializer) {
      scope.values.set(tensor.name, tensorFact(this.#model, tensor, scope.prefix + tensor.name));
    }
    for (const node of graph.node) this.#node(node, scope);
  }

  #node(node: NodeProto, scope: Scope): void {
    if (this.#nodes.length >= limits.nodes || scope.depth > limits.depth) {
      throw new ProblemError({
        code: 'onnx.tooComplex',
        subject: this.#model.subject,
        title: `more than ${limits.nodes} nodes, or functions nested deeper than ${limits.depth}`,
      });
    }
    const attributes = new Attributes(node, scope.caller, scope.body?.attributeProto);
    const inputs = node.input.map((name) => lookUp(scope, name));
    const op = qualify(node.domain, node.opType, '');
    const body = this.#functions.get(qualify(node.domain, node.opType, node.overload));
    const outputs = body
      ? this.#function(body, inputs, attributes, scope)
      : op === 'If'
        ? this.#if(attributes, inputs, scope)
        : this.#operator(op, node, inputs, attributes, scope);
    for (const [i, name] of node.output.entries()) {
      const fact = outputs[i];
      if (fact && name !== '') scope.values.set(name, fact);
    }
  }

  #function(
    body: FunctionProto,
    inputs: readonly (TensorFact | undefined)[],
    caller: Attributes,
    scope: Scope,
  ): OutputFacts {
    const values = new Map<string, TensorFact>();
    for (const [i, name] of body.input.entries()) {
      const fact = inputs[i];
      if (fact) values.set(name, fact);
    }
    const prefix = `${qualify(body.domain, body.name, body.overload)}/`;
    const inner: Scope = { values, outer: undefined, prefix, depth: scope.depth + 1, caller, body };
    for (const node of body.node) this.#node(node, inner);
    return body.output.map((name) => values.get(name));
  }

  /** The branch that is taken, where the condition does not depend on the picture. */
  #if(attributes: Attributes, inputs: readonly (TensorFact | undefined)[], outer: Scope): OutputFacts {
    const condition = inputs[0]?.values?.[0];
    const branch = attributes.graph(condition !== 0 ? 'then_branch' : 'else_branch');
    if (condition === undefined || !branch) {
      this.#unknown.add('If');
      return [];
    }
    const scope: Scope = { ...outer, values: new Map(), outer, depth: outer.depth + 1 };
    this.#graph(branch, scope);
    return branch.output.map((output) => lookUp(scope, output.name));
  }

  #operator(
    op: string,
    node: NodeProto,
    inputs: readonly (TensorFact | undefined)[],
    attributes: Attributes,
    scope: Scope,
  ): OutputFacts {
    const name = node.name || (node.output[0] ?? op);
    const call: OperatorCall = { name, op, inputs, attributes, outputCount: node.output.length };
    const inputsKnown = node.input.every((input, i) => input === '' || inputs[i] !== undefined);
    if (op === 'Constant') {
      const fact = constantFact(this.#model, attributes, scope.prefix + (node.output[0] ?? ''));
      if (!fact) this.#unknown.add('Constant');
      return [fact];
    }
    const operator = op === 'ConstantOfShape' ? constantOfShape(this.#model) : findOperator(op);
    const outputs = operator
      ? inputsKnown
        ? this.#infer(operator, call)
        : []
      : node.output.map((output) => this.#declaredFact(output));
    if (!operator) this.#unknown.add(op);
    const evaluated = { call, operator, inputsKnown, outputs, outputNames: node.output };
    this.#nodes.push(evaluated);
    return outputs;
  }

  #infer(operator: Operator, call: OperatorCall): OutputFacts {
    try {
      const outputs = operator.infer(call);
      for (const output of outputs) if (output) checkShape(output.shape);
      if (!operator.copies) return outputs;
      const weights = copiedWeights(operator, call);
      return weights.length === 0 ? outputs : outputs.map((output) => output && { ...output, weights });
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw new ProblemError(
        {
          code: 'onnx.shape',
          subject: this.#model.subject,
          title: `${call.op} "${call.name}" cannot run at this size: ${error.message}`,
          hint: 'Try a size whose sides are multiples of 32, or the size that the model was exported for',
        },
        { cause: error },
      );
    }
  }

  /** What the file itself says of a tensor that the studio cannot follow. */
  #declaredFact(name: string): TensorFact | undefined {
    const type = this.#declared.get(name)?.type;
    const shape = concreteShape(declaredShape(type), this.#dims);
    return shape && { type: type?.tensorType?.elemType ?? 0, shape };
  }
}

const constantOfShape = (model: OnnxModel): Operator => ({
  infer: (call) => constantOfShapeFact(model, call),
});

/** Constants whose copies an operator gives: all of its inputs' but scales and zero points. */
function copiedWeights(operator: Operator, call: OperatorCall): WeightOrigin[] {
  return call.inputs.flatMap((input, i) =>
    operator.notParameters?.includes(i)
      ? []
      : (input?.weights ?? []).filter((w) => w.type !== dataTypes.INT32 || operator.int32Parameters),
  );
}

function checkShape(shape: readonly number[]): void {
  const fits = shape.every((dim) => dim >= 0 && Number.isSafeInteger(dim));
  if (!fits || shape.length > limits.rank) {
    throw new ShapeError(`its result would have the shape ${formatShape(shape.slice(0, limits.rank))}`);
  }
}

function lookUp(scope: Scope, name: string): TensorFact | undefined {
  if (name === '') return undefined;
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const fact = at.values.get(name);
    if (fact) return fact;
  }
  return undefined;
}

/** `Conv`, `com.microsoft::Gelu`, `pkg.ops::scale:half` for an overload. */
function qualify(domain: string, name: string, overload: string): string {
  const normalised = normaliseDomain(domain);
  return (normalised === '' ? name : `${normalised}::${name}`) + (overload === '' ? '' : `:${overload}`);
}
