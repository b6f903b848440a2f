import { buildValue } from '../onnx/buildModel.ts';
import { dataTypes } from '../onnx/dataType.ts';
import { multiplyVector, transposed } from '../onnx/segformer/algebra.ts';
import { GraphWriter } from '../onnx/segformer/graphWriter.ts';
import type {
  Attention,
  Gate,
  Linear,
  MixFfn,
  Norm,
  Stage,
  StridedConv,
} from '../onnx/segformer/segformerGraph.ts';
import { writeOnnx } from '../onnx/writeOnnx.ts';

/** What a block's part hands out besides its tokens. */
export interface BlockOutputs {
  /**
   * Per image: `qkSummary`, `vSummary`, `ffnSummary`: mean tokens [C]; `queryMoments` [heads, d, d]: mean of q q^T;
   * `keyMoments`: of k k^T about the keys' mean; `mixedMoments`: of what attention mixes from the values;
   * `mixedMean` [heads * d]; `activationMean`, `activationPower` [neurons]: mean of h and of h * h after GELU.
   */
  readonly statistics?: boolean;
  /** `activationGram` [neurons, neurons]: mean over tokens of h h^T. */
  readonly gram?: boolean;
}

/** The operators of a part, over the writer of the emitter. */
export class PartWriter {
  readonly #writer = new GraphWriter({ storage: 'float32' });
  #count = 0;
  #first = '';

  encode(inputs: Parameters<GraphWriter['model']>[0]): Uint8Array<ArrayBuffer> {
    return writeOnnx(this.#writer.model(inputs, 'a part of the model', 'part', this.#first));
  }

  /** A node of one output, called by its number unless it has a name. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Parameters<GraphWriter['node']>[3] = {},
    name = `value.${this.#count++}`,
  ): string {
    return this.#writer.node(op, inputs, name, attributes);
  }

  ints(...values: readonly number[]): string {
    return this.#writer.ints(...values);
  }

  matrix(name: string, dims: readonly number[], data: Float32Array): string {
    return this.#writer.weight(name, dims, data);
  }

  output(name: string, type?: number): void {
    this.#first ||= name;
    const value = buildValue(name, [], type);
    // Its shape is whatever comes out.
    if (value.type?.tensorType) value.type.tensorType.shape = undefined;
    this.#writer.output(value);
  }

  norm(x: string, { scale, bias, epsilon }: Norm, name: string): string {
    const inputs = [
      x,
      this.matrix(`${name}.scale`, [scale.length], scale),
      this.matrix(`${name}.bias`, [bias.length], bias),
    ];
    return this.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } }, name);
  }

  linear(x: string, { weight, bias }: Linear, name: string): string {
    const inputs = [x, this.matrix(`${name}.weight`, weight.dims.slice(0, 2), weight.data)];
    if (bias) inputs.push(this.matrix(`${name}.bias`, [bias.length], bias));
    return this.node('Gemm', inputs, { transB: 1 }, `${name}.out`);
  }

  conv(x: string, { weight, bias, stride, padding }: StridedConv, name: string): string {
    const inputs = [x, this.matrix(`${name}.weight`, weight.dims, weight.data)];
    if (bias) inputs.push(this.matrix(`${name}.bias`, [bias.length], bias));
    const kernel = weight.dims[2] ?? 1;
    return this.node('Conv', inputs, {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      group: weight.dims[1] === 1 ? weight.dims[0]! : 1,
    });
  }

  /** Tokens [N, C] as [1, C, h, w]. */
  map(tokens: string, channels: number, name: string): string {
    const rows = this.node('Transpose', [tokens], { perm: [1, 0] });
    const shape = this.node('Concat', [this.ints(1, channels), 'grid'], { axis: 0 });
    return this.node('Reshape', [rows, shape], {}, name);
  }

  /** [1, C, h, w] as tokens. */
  tokens(map: string): string {
    const rows = this.node('Flatten', [map], { axis: 2 });
    return this.node('Transpose', [rows], { perm: [1, 0] });
  }

  embed(image: string, { embedding }: Stage, tokens = 'tokens', grid = 'grid'): void {
    const map = this.conv(image, embedding.conv, 'embedding');
    // Flatten puts all but the last two dimensions in front: batch 1 times channels.
    this.norm(this.tokens(map), embedding.norm, tokens);
    this.node('Shape', [map], { start: 2, end: 4 }, grid);
    this.output(tokens);
    this.output(grid, dataTypes.INT64);
  }

  /** 1 for neurons that the gate keeps, 0 for others, [1, neurons]; '' where it keeps all. */
  mask(gate: Gate | null, summary: string): string {
    const layer = gate?.layers[0];
    const neurons = layer?.weight.dims[0] ?? 0;
    if (!gate || !layer || gate.kept * gate.groups >= neurons) return '';
    const scores = this.linear(summary, layer, `${gate.kind}.gate`);
    const grouped = this.node('Reshape', [scores, this.ints(gate.groups, neurons / gate.groups)]);
    const [values = ''] = this.#writer.nodeOf(
      2,
      'TopK',
      [grouped, this.ints(gate.kept)],
      `${gate.kind}.top`,
      {
        axis: -1,
      },
    );
    const least = this.node('ReduceMin', [values, this.ints(1)], { keepdims: 1 });
    const chosen = this.node('GreaterOrEqual', [grouped, least]);
    const ones = this.node('Cast', [chosen], { to: dataTypes.FLOAT });
    return this.node('Reshape', [ones, this.ints(1, neurons)]);
  }

  summary(tokens: string, name: string, asked: boolean | undefined): string {
    this.node('ReduceMean', [tokens, this.ints(0)], { keepdims: 1 }, name);
    if (asked) this.output(name);
    return name;
  }

  attention(x: string, attention: Attention, { statistics }: BlockOutputs): string {
    const { heads, reduction, qkGate, vGate } = attention;
    const reduced = reduction
      ? this.norm(
          this.tokens(
            this.conv(this.map(x, reduction.norm.scale.length, 'reduced.map'), reduction.conv, 'reduction'),
          ),
          reduction.norm,
          'reduced',
        )
      : x;
    let q = this.linear(x, attention.query, 'query');
    const k = this.linear(reduced, attention.key, 'key');
    let v = this.linear(reduced, attention.value, 'value');
    const qkMask = this.mask(qkGate, this.summary(x, 'qkSummary', statistics));
    const vMask = this.mask(vGate, this.summary(reduced, 'vSummary', statistics));
    if (qkMask) q = this.node('Mul', [q, qkMask]);
    if (vGate?.means)
      v = this.node('Sub', [v, this.matrix('value.means', [1, vGate.means.length], vGate.means)]);
    if (vMask) v = this.node('Mul', [v, vMask]);
    const byHead = (tokens: string, perm: readonly number[], name: string) => {
      const split = this.node('Reshape', [tokens, this.ints(0, heads, -1)]);
      return this.node('Transpose', [split], { perm: [...perm] }, name);
    };
    const queries = byHead(q, [1, 0, 2], 'queries');
    const keys = byHead(k, [1, 2, 0], 'keys');
    const values = byHead(v, [1, 0, 2], 'values');
    const scale = this.#writer.float('scale', [], [attention.scale]);
    const scores = this.node('Mul', [this.node('MatMul', [queries, keys]), scale]);
    const mixed = this.node('MatMul', [this.node('Softmax', [scores], { axis: -1 }), values], {}, 'mixed');
    const joined = this.node('Reshape', [
      this.node('Transpose', [mixed], { perm: [1, 0, 2] }),
      this.ints(0, -1),
    ]);
    if (statistics) {
      this.moments(queries, [0, 2, 1], 1, 'queryMoments');
      const centre = this.node('ReduceMean', [keys, this.ints(2)], { keepdims: 1 });
      const centred = this.node('Sub', [keys, centre]);
      this.moments(centred, [0, 2, 1], 2, 'keyMoments');
      this.moments(mixed, [0, 2, 1], 1, 'mixedMoments');
      this.summary(joined, 'mixedMean', true);
    }
    return this.linear(joined, shiftedBias(attention.output, vGate?.means ?? null), 'output');
  }

  /** Mean over the tokens (axis `tokenAxis` of [heads, ., .]) of x x^T, [heads, d, d]. */
  moments(x: string, perm: readonly number[], tokenAxis: 1 | 2, name: string): void {
    const turned = this.node('Transpose', [x], { perm: [...perm] });
    const pair = tokenAxis === 1 ? [turned, x] : [x, turned];
    this.node('Div', [this.node('MatMul', pair), this.tokenCount(x, tokenAxis)], {}, name);
    this.output(name);
  }

  /** How long an axis is, as float32 [1]. */
  tokenCount(x: string, axis: number): string {
    const size = this.node('Shape', [x], { start: axis, end: axis + 1 });
    return this.node('Cast', [size], { to: dataTypes.FLOAT });
  }

  ffn(x: string, ffn: MixFfn, { statistics, gram }: BlockOutputs): string {
    const { fc1, depthwise, fc2, gate } = ffn;
    const neurons = fc1.weight.dims[0]!;
    const mask = this.mask(gate, this.summary(x, 'ffnSummary', statistics));
    const inputs = [this.matrix('fc1.weight', fc1.weight.dims.slice(0, 2), fc1.weight.data), x];
    if (fc1.bias) inputs.push(this.matrix('fc1.bias', [neurons, 1], fc1.bias));
    const rows = this.node('Gemm', inputs, { transB: 1 });
    const shape = this.node('Concat', [this.ints(1, neurons), 'grid'], { axis: 0 });
    const convolved = this.conv(this.node('Reshape', [rows, shape]), depthwise, 'depthwise');
    const active = this.node('Gelu', [convolved], {
      approximate: ffn.activation === 'geluTanh' ? 'tanh' : 'none',
    });
    let h = this.node('Flatten', [active], { axis: 2 });
    if (statistics) {
      this.node('ReduceMean', [h, this.ints(1)], { keepdims: 0 }, 'activationMean');
      const power = this.node('ReduceSumSquare', [h, this.ints(1)], { keepdims: 0 });
      this.node('Div', [power, this.tokenCount(h, 1)], {}, 'activationPower');
      this.output('activationMean');
      this.output('activationPower');
    }
    if (gram) {
      const products = this.node('Gemm', [h, h], { transB: 1 });
      this.node('Div', [products, this.tokenCount(h, 1)], {}, 'activationGram');
      this.output('activationGram');
    }
    if (gate?.means) h = this.node('Sub', [h, this.matrix('ffn.means', [neurons, 1], gate.means)]);
    if (mask) h = this.node('Mul', [h, this.node('Reshape', [mask, this.ints(neurons, 1)])]);
    const { weight, bias } = shiftedBias(fc2, gate?.means ?? null);
    const turned = transposed({ dims: weight.dims.slice(0, 2), data: weight.data });
    const reading = [h, this.matrix('fc2.weight', turned.dims, turned.data)];
    if (bias) reading.push(this.matrix('fc2.bias', [bias.length], bias));
    return this.node('Gemm', reading, { transA: 1 });
  }
}

/** With the means taken from what is read, the bias that gives them back: b + W m. */
function shiftedBias(linear: Linear, means: Float32Array | null): Linear {
  if (!means) return linear;
  return {
    weight: linear.weight,
    bias: Float32Array.from(multiplyVector(linear.weight, means, linear.bias)),
  };
}
