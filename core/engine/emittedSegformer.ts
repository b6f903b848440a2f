import { Attributes } from '../onnx/attributes.ts';
import { dataTypes } from '../onnx/dataType.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import type { NodeProto, TensorProto } from '../onnx/proto/onnx.generated.ts';
import { readTensor, tensorShape } from '../onnx/tensor.ts';

/** A weight of an emitted graph. */
export interface Matrix {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface EmittedLinear {
  /** [out, in] */
  readonly weight: Matrix;
  readonly bias: Float32Array | null;
}

export interface EmittedNorm {
  readonly scale: Float32Array;
  /** null: a root mean square alone, no mean and no bias. */
  readonly bias: Float32Array | null;
  readonly epsilon: number;
}

export interface EmittedGate {
  /** Graph output of the kept neurons' indices. */
  readonly name: string;
  readonly groups: number;
  /** Neurons of a group, and how many of them are kept. */
  readonly width: number;
  readonly kept: number;
  readonly offset: Float32Array | null;
  readonly norm: EmittedNorm | null;
  readonly layers: readonly EmittedLinear[];
  /** The kept are multiplied by their values. */
  readonly scales: boolean;
}

export interface EmittedAttention {
  readonly heads: number;
  readonly reduction: {
    readonly ratio: number;
    readonly layer: EmittedLinear;
    readonly norm: EmittedNorm;
  } | null;
  /** null: keys are made so that tokens are their own queries, and values so that there is no output layer. */
  readonly query: EmittedLinear | null;
  readonly key: EmittedLinear;
  /** Makes what is added to all scores of a key; only without a query layer. */
  readonly keyOffset: Float32Array | null;
  readonly value: EmittedLinear;
  /** Keys are multiplied by it. */
  readonly scale: number;
  readonly output: EmittedLinear | null;
  readonly qkGate: EmittedGate | null;
  /** With one, the output layer's weight is transposed: [neurons, C]. */
  readonly vGate: EmittedGate | null;
}

export interface EmittedFfn {
  readonly fc1: EmittedLinear;
  /** [neurons, 1, 3, 3] */
  readonly depthwise: EmittedLinear;
  /** Its weight is transposed: [neurons, C]. */
  readonly fc2: EmittedLinear;
  readonly gate: EmittedGate | null;
  /** The negative means of the neurons, added with their rows of fc2 for those that are kept. */
  readonly means: Float32Array | null;
}

export interface EmittedStage {
  /** [out, in, kernel, kernel] */
  readonly conv: EmittedLinear;
  readonly stride: number;
  readonly padding: number;
  readonly embedding: EmittedNorm;
  readonly blocks: readonly {
    readonly norm1: EmittedNorm;
    readonly attention: EmittedAttention;
    readonly norm2: EmittedNorm;
    readonly ffn: EmittedFfn;
  }[];
  readonly norm: EmittedNorm;
}

/** What `emitSegformer` wrote for WASM, as it is computed: a description with all rewrites in it. */
export interface EmittedSegformer {
  readonly stages: readonly EmittedStage[];
  readonly head: {
    /** [depth, C] of each stage. */
    readonly stages: readonly Matrix[];
    readonly bias: Float32Array;
    readonly classifier: EmittedLinear;
  };
  /** In the order in which they run. */
  readonly gates: readonly EmittedGate[];
}

/** An emitted graph that is computed otherwise than the engine does, or none. */
class OtherGraph extends Error {}

/**
 * Reads a graph that `emitSegformer` wrote for WASM back, by the names that it gives. Null for any other graph: of
 * another make, with products in integers, another activation, outputs of stages, or anything that is not read here.
 */
export function readEmitted(model: OnnxModel): EmittedSegformer | null {
  if (model.proto.producerName !== 'dynaseg' || !model.proto.graph) return null;
  try {
    return new EmittedReader(model).read();
  } catch (error) {
    if (error instanceof OtherGraph) return null;
    throw error;
  }
}

class EmittedReader {
  private readonly nodes: ReadonlyMap<string, NodeProto>;
  private readonly initializers: ReadonlyMap<string, TensorProto>;
  private readonly unread: Set<string>;
  private readonly gates: EmittedGate[] = [];

  constructor(private readonly model: OnnxModel) {
    const graph = model.proto.graph!;
    this.initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    this.nodes = new Map(graph.node.map((node) => [node.output[0] ?? '', node]));
    this.unread = new Set(
      graph.initializer.filter(({ dataType }) => dataType === dataTypes.FLOAT).map(({ name }) => name),
    );
    this.need(
      graph.initializer.every(({ dataType }) => dataType === dataTypes.FLOAT || dataType === dataTypes.INT64),
    );
    const kinds = new Set(graph.node.map(({ opType }) => opType));
    this.need([...kinds].every((kind) => KNOWN.has(kind)));
    this.need(
      graph.node.every(
        (node) => node.opType !== 'Gelu' || new Attributes(node).string('approximate', 'none') === 'none',
      ),
    );
  }

  read(): EmittedSegformer {
    const stages: EmittedStage[] = [];
    while (this.has(`stage.${stages.length}.embedding.weight`))
      stages.push(this.stage(`stage.${stages.length}`));
    const parts = stages.map((_, s) => this.matrix(`head.${s}.weight`, 2));
    const depth = parts[0]?.dims[0] ?? 0;
    const head = {
      stages: parts,
      bias: this.vector(`head.${stages.length - 1}.bias`, depth),
      classifier: this.linear('head.classifier', ['weight', 'bias']),
    };
    // A weight that nobody read belongs to something that is not known here.
    this.need(stages.length > 1 && depth > 0 && this.unread.size === 0);
    const outputs = this.model.proto.graph!.output.map(({ name }) => name);
    const gates = new Set(this.gates.map(({ name }) => name));
    this.need(outputs[0] === 'logits' && outputs.slice(1).every((name) => gates.has(name)));
    return { stages, head, gates: this.gates };
  }

  private stage(name: string): EmittedStage {
    const conv = this.linear(`${name}.embedding`, ['weight', 'bias'], 4);
    const attributes = new Attributes(this.node(`${name}.embedding.conv`));
    const blocks: EmittedStage['blocks'][number][] = [];
    const stage = {
      conv,
      stride: attributes.ints('strides')?.[0] ?? 0,
      padding: attributes.ints('pads')?.[0] ?? 0,
      embedding: this.norm(`${name}.embedding.norm`),
      blocks,
      norm: this.norm(`${name}.norm`),
    };
    this.need(this.nodes.has(`${name}.centred`));
    while (this.has(`${name}.block.${blocks.length}.norm1.weight`)) {
      const own = `${name}.block.${blocks.length}`;
      blocks.push({
        norm1: this.norm(`${own}.norm1`),
        attention: this.attention(`${own}.attention`),
        norm2: this.norm(`${own}.norm2`),
        ffn: this.ffn(`${own}.ffn`),
      });
    }
    return stage;
  }

  private attention(name: string): EmittedAttention {
    const qkGate = this.gate(`${name}.query.weight.kept`, `${name}.key.gated`);
    const vGate = this.gate(`${name}.value.weight.kept`, `${name}.value.gated`);
    const key = this.linear(`${name}.key`, ['weight', 'bias']);
    const value = this.linear(`${name}.value`, ['weight', 'bias']);
    const merged = !this.has(`${name}.query.weight`);
    const split = this.nodes.get(`${name}.query.split`);
    const shape = split && this.integers(split.input[1] ?? '');
    const ratioLayer = this.has(`${name}.reduction.weight`)
      ? this.linear(`${name}.reduction`, ['weight', 'bias'])
      : null;
    const [channels = 0, patch = 0] = ratioLayer?.weight.dims ?? [];
    const ratio = Math.sqrt(patch / channels);
    this.need(ratioLayer === null || Number.isInteger(ratio));
    const attention = {
      heads: shape?.[1] ?? 1,
      reduction: ratioLayer && { ratio, layer: ratioLayer, norm: this.norm(`${name}.reduction.norm`) },
      key,
      value,
      qkGate,
      vGate,
    };
    if (merged) {
      const keyOffset = this.has(`${name}.key.offset`) ? this.data(`${name}.key.offset`) : null;
      return { ...attention, query: null, keyOffset, scale: 1, output: null };
    }
    return {
      ...attention,
      keyOffset: null,
      query: this.linear(`${name}.query`, ['weight', 'bias']),
      scale: this.data(`${name}.scale`)[0] ?? NaN,
      output: this.linear(`${name}.output`, [vGate ? 'weight_t' : 'weight', 'bias']),
    };
  }

  private ffn(name: string): EmittedFfn {
    const gate = this.gate(`${name}.fc1.weight.kept`, `${name}.depthwise.gated`);
    return {
      fc1: this.linear(`${name}.fc1`, ['weight', 'bias_column']),
      depthwise: this.linear(`${name}.depthwise`, ['weight', 'bias'], 4),
      fc2: this.linear(`${name}.fc2`, ['weight_t', 'bias']),
      gate,
      means: this.has(`${name}.means`) ? this.data(`${name}.means`) : null,
    };
  }

  /** The gate whose choice a gather takes; null where there is no such gather. */
  private gate(gather: string, scaled: string): EmittedGate | null {
    const name = this.nodes.get(gather)?.input[1];
    if (name === undefined) return null;
    const [groups = 0, width = 0] = this.integers(this.node(`${name}.logits`).input[1] ?? '');
    const layers: EmittedLinear[] = [];
    while (this.has(`${name}.fc${layers.length}.weight`)) {
      layers.push(this.linear(`${name}.fc${layers.length}`, ['weight', 'bias']));
    }
    const gate = {
      name,
      groups,
      width,
      kept: this.integers(`${name}.k`)[0] ?? 0,
      offset: this.has(`${name}.offset`) ? this.data(`${name}.offset`) : null,
      norm: this.has(`${name}.norm.weight`) ? this.norm(`${name}.norm`) : null,
      layers,
      scales: this.nodes.has(scaled),
    };
    this.need(layers.length > 0 && groups * width === layers.at(-1)!.weight.dims[0]);
    this.gates.push(gate);
    return gate;
  }

  private norm(name: string): EmittedNorm {
    const { opType, ...node } = this.node(`${name}.out`);
    const epsilon = node.attribute.find((attribute) => attribute.name === 'epsilon')?.f ?? NaN;
    const scale = this.data(`${name}.weight`);
    if (opType === 'SimplifiedLayerNormalization') return { scale, bias: null, epsilon };
    this.need(opType === 'LayerNormalization');
    return { scale, bias: this.data(`${name}.bias`), epsilon };
  }

  private linear(name: string, [weight, bias]: readonly [string, string], rank = 2): EmittedLinear {
    const own = `${name}.${bias}`;
    return { weight: this.matrix(`${name}.${weight}`, rank), bias: this.has(own) ? this.data(own) : null };
  }

  private matrix(name: string, rank: number): Matrix {
    const tensor = this.tensor(name);
    const dims = tensorShape(this.model, tensor);
    this.need(dims.length === rank);
    return { dims, data: this.data(name) };
  }

  private vector(name: string, length: number): Float32Array {
    return this.has(name) ? this.data(name) : new Float32Array(length);
  }

  private data(name: string): Float32Array {
    const data = readTensor(this.model, this.tensor(name));
    if (!(data instanceof Float32Array)) throw new OtherGraph();
    this.unread.delete(name);
    return data;
  }

  private integers(name: string): number[] {
    return [...(readTensor(this.model, this.tensor(name)) ?? [])];
  }

  private has(name: string): boolean {
    return this.initializers.has(name);
  }

  private tensor(name: string): TensorProto {
    const tensor = this.initializers.get(name);
    if (!tensor) throw new OtherGraph();
    return tensor;
  }

  private node(name: string): NodeProto {
    const node = this.nodes.get(name);
    if (!node) throw new OtherGraph();
    return node;
  }

  private need(holds: boolean): void {
    if (!holds) throw new OtherGraph();
  }
}

/** The operators that an emitted graph is made of. */
const KNOWN = new Set(
  'Add Concat Conv Div Flatten Gather Gelu Gemm LayerNormalization MatMul Mul ReduceMean Relu Reshape Resize Shape SimplifiedLayerNormalization Slice Softmax Split Sub TopK Transpose Unsqueeze'.split(
    ' ',
  ),
);
