import type { EngineMemory } from './engineMemory.ts';
import type {
  EmittedAttention,
  EmittedFfn,
  EmittedGate,
  EmittedLinear,
  EmittedNorm,
  EmittedSegformer,
  EmittedStage,
} from './emittedSegformer.ts';

/** Addresses of a layer's weight in panels of eight outputs, [outputs / 8][inputs][8], and of its bias. */
export interface LoadedLinear {
  readonly panels: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly bias: number;
}

export interface LoadedNorm {
  readonly scale: number;
  /** 0: none, and no mean. */
  readonly bias: number;
  readonly epsilon: number;
  readonly channels: number;
}

/** A matrix as it is in the file, row by row, of which a gate takes rows. */
export interface LoadedRows {
  readonly rows: number;
  readonly width: number;
  readonly bias: number;
}

export interface LoadedGate extends Pick<EmittedGate, 'name' | 'groups' | 'width' | 'kept' | 'scales'> {
  readonly offset: number;
  readonly norm: LoadedNorm | null;
  readonly layers: readonly { weight: number; bias: number; inputs: number; outputs: number }[];
  /** Entries of a group in the list of the kept: a multiple of 8. */
  readonly entries: number;
}

/** A layer of which all outputs are computed, or those that a gate keeps. */
export type LoadedLayer =
  | { readonly gate: null; readonly layer: LoadedLinear }
  | { readonly gate: LoadedGate; readonly layer: LoadedRows };

export interface LoadedAttention {
  readonly heads: number;
  readonly reduction: {
    readonly ratio: number;
    readonly layer: LoadedLinear;
    readonly norm: LoadedNorm;
  } | null;
  readonly query: LoadedLayer | null;
  readonly key: LoadedLayer;
  readonly keyOffset: number;
  readonly value: LoadedLayer;
  readonly scale: number;
  readonly output: LoadedLayer | null;
  /** Of a head, padded to multiples of 8. */
  readonly queryWidth: number;
  readonly valueWidth: number;
}

export interface LoadedFfn {
  readonly gate: LoadedGate | null;
  /** Neurons that are computed, padded to a multiple of 8. */
  readonly neurons: number;
  readonly fc1: LoadedLayer;
  /** [9, neurons] and its bias. */
  readonly depthwise: { readonly weight: number; readonly bias: number; readonly all: number };
  readonly fc2: LoadedLayer;
  readonly means: number;
}

export interface LoadedStage {
  readonly channels: number;
  readonly conv: LoadedLinear;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly embedding: LoadedNorm;
  readonly blocks: readonly {
    readonly norm1: LoadedNorm;
    readonly attention: LoadedAttention;
    readonly norm2: LoadedNorm;
    readonly ffn: LoadedFfn;
  }[];
  readonly norm: LoadedNorm;
}

/** A SegFormer in the memory of an engine. */
export interface LoadedSegformer {
  readonly stages: readonly LoadedStage[];
  readonly head: {
    readonly depth: number;
    readonly stages: readonly LoadedLinear[];
    /** [classes, depth + 1], the last column the bias. */
    readonly classifier: number;
    readonly classes: number;
  };
  readonly gates: readonly LoadedGate[];
  /** As many zeros as any layer has neurons. */
  readonly zeros: number;
  /** Gives its memory back. */
  release(): void;
}

/**
 * Puts a model into an engine's memory. Null where it has channels that are no multiple of 8: the kernels take eight
 * at a time.
 */
export function loadSegformer(memory: EngineMemory, model: EmittedSegformer): LoadedSegformer | null {
  const widths = [...model.stages.map(({ norm }) => norm.scale.length), model.head.bias.length];
  if (widths.some((width) => width % 8 !== 0)) return null;
  return new Loader(memory).load(model);
}

/** What of a matrix becomes which line of the padded one: -1 is a line of zeros. */
type Lines = readonly number[];

export const pad8 = (count: number): number => Math.ceil(count / 8) * 8;

/** `groups` of `width` lines, each padded to a multiple of 8. */
function paddedLines(groups: number, width: number): Lines {
  return Array.from({ length: groups * pad8(width) }, (_, i) => {
    const within = i % pad8(width);
    return within < width ? Math.floor(i / pad8(width)) * width + within : -1;
  });
}

class Loader {
  private readonly blocks: { address: number; bytes: number }[] = [];
  private readonly gates: LoadedGate[] = [];
  private widest = 0;

  constructor(private readonly memory: EngineMemory) {}

  load({ stages, head }: EmittedSegformer): LoadedSegformer {
    const loaded = stages.map((stage, s) => this.stage(stage, s === 0));
    const depth = head.bias.length;
    const last = head.stages.length - 1;
    const parts = head.stages.map((weight, s) =>
      this.linear({ weight, bias: s === last ? head.bias : null }),
    );
    const { weight, bias } = head.classifier;
    const classes = weight.dims[0] ?? 0;
    const classifier = new Float32Array(classes * (depth + 1));
    for (let id = 0; id < classes; id++) {
      classifier.set(weight.data.subarray(id * depth, (id + 1) * depth), id * (depth + 1));
      classifier[id * (depth + 1) + depth] = bias?.[id] ?? 0;
    }
    return {
      stages: loaded,
      head: { depth, stages: parts, classifier: this.put(classifier), classes },
      gates: this.gates,
      zeros: this.put(new Float32Array(this.widest)),
      release: () => {
        for (const { address, bytes } of this.blocks.splice(0)) this.memory.give(address, bytes);
      },
    };
  }

  private stage(stage: EmittedStage, planes: boolean): LoadedStage {
    const { weight, bias } = stage.conv;
    const [out = 0, inputs = 0, kernel = 0] = weight.dims;
    const size = kernel * kernel;
    const flat = { dims: [out, inputs * size], data: weight.data };
    // Tokens have their channels side by side: [ky, kx, in] in place of [in, ky, kx].
    const order = Array.from({ length: inputs * size }, (_, i) =>
      planes ? i : (i % inputs) * size + Math.floor(i / inputs),
    );
    const { stride, padding } = stage;
    return {
      channels: out,
      conv: this.linear({ weight: flat, bias }, { inputs: order }),
      kernel,
      stride,
      padding,
      embedding: this.norm(stage.embedding),
      blocks: stage.blocks.map(({ norm1, attention, norm2, ffn }) => ({
        norm1: this.norm(norm1),
        attention: this.attention(attention),
        norm2: this.norm(norm2),
        ffn: this.ffn(ffn),
      })),
      norm: this.norm(stage.norm),
    };
  }

  private attention(attention: EmittedAttention): LoadedAttention {
    const { heads, reduction, query, key, value, output, scale } = attention;
    const channels = value.weight.dims[1] ?? 0;
    const qkGate = this.gate(attention.qkGate);
    const vGate = this.gate(attention.vGate);
    const queryLines = paddedLines(heads, (key.weight.dims[0] ?? 0) / heads);
    const valueLines = paddedLines(heads, (value.weight.dims[0] ?? 0) / heads);
    const layer = (linear: EmittedLinear, gate: LoadedGate | null, lines: { outputs: Lines }): LoadedLayer =>
      gate ? { gate, layer: this.rows(linear) } : { gate, layer: this.linear(linear, lines) };
    let out: LoadedLayer | null = null;
    if (output) {
      out = vGate
        ? { gate: vGate, layer: this.rows(output) }
        : { gate: null, layer: this.linear(output, { inputs: valueLines }) };
    }
    return {
      heads,
      reduction: reduction && {
        ratio: reduction.ratio,
        layer: this.linear(reduction.layer),
        norm: this.norm(reduction.norm),
      },
      query: query && layer(query, qkGate, { outputs: queryLines }),
      key: layer(key, qkGate, { outputs: queryLines }),
      keyOffset: attention.keyOffset ? this.put(attention.keyOffset) : 0,
      value: layer(value, vGate, { outputs: valueLines }),
      scale,
      output: out,
      queryWidth: query ? (qkGate?.entries ?? queryLines.length / heads) : channels,
      valueWidth: output ? (vGate?.entries ?? valueLines.length / heads) : channels,
    };
  }

  private ffn({ fc1, depthwise, fc2, gate: emitted, means }: EmittedFfn): LoadedFfn {
    const all = fc1.weight.dims[0] ?? 0;
    const gate = this.gate(emitted);
    const lines = paddedLines(1, all);
    const neurons = gate ? gate.groups * gate.entries : lines.length;
    this.widest = Math.max(this.widest, neurons);
    // [9, neurons] in place of [neurons, 9]; without a gate padded.
    const kernel = { dims: [all, 9], data: depthwise.weight.data };
    const kept = gate ? Array.from({ length: all }, (_, i) => i) : lines;
    const taps = new Float32Array(9 * kept.length);
    for (let tap = 0; tap < 9; tap++) {
      for (const [at, neuron] of kept.entries()) {
        if (neuron >= 0) taps[tap * kept.length + at] = kernel.data[neuron * 9 + tap]!;
      }
    }
    const bias = new Float32Array(kept.length);
    if (depthwise.bias) bias.set(depthwise.bias);
    return {
      gate,
      neurons,
      fc1: gate ? { gate, layer: this.rows(fc1) } : { gate, layer: this.linear(fc1, { outputs: lines }) },
      depthwise: { weight: this.put(taps), bias: this.put(bias), all },
      fc2: gate
        ? { gate, layer: this.rows(fc2) }
        : { gate, layer: this.linear(fc2, { inputs: lines, transposed: true }) },
      means: means ? this.put(means) : 0,
    };
  }

  private gate(gate: EmittedGate | null): LoadedGate | null {
    if (!gate) return null;
    const { name, groups, width, kept, scales, offset, norm, layers } = gate;
    const loaded = {
      name,
      groups,
      width,
      kept,
      scales,
      offset: offset ? this.put(offset) : 0,
      norm: norm && this.norm(norm),
      layers: layers.map(({ weight, bias }) => ({
        weight: this.put(weight.data),
        bias: bias ? this.put(bias) : 0,
        inputs: weight.dims[1] ?? 0,
        outputs: weight.dims[0] ?? 0,
      })),
      entries: pad8(kept),
    };
    this.gates.push(loaded);
    // Of all neurons: how many are kept may change.
    this.widest = Math.max(this.widest, groups * pad8(width));
    return loaded;
  }

  private norm({ scale, bias, epsilon }: EmittedNorm): LoadedNorm {
    return {
      scale: this.put(scale),
      bias: bias ? this.put(bias) : 0,
      epsilon,
      channels: scale.length,
    };
  }

  private rows({ weight, bias }: EmittedLinear): LoadedRows {
    const width = weight.dims[1] ?? 0;
    this.widest = Math.max(this.widest, width);
    // A row for each output, or for each input of a transposed weight, whose bias is as wide as a row.
    return { rows: this.put(weight.data), width, bias: bias ? this.put(bias) : 0 };
  }

  private linear(
    { weight, bias }: EmittedLinear,
    options: { outputs?: Lines; inputs?: Lines; transposed?: boolean } = {},
  ): LoadedLinear {
    const [rows = 0, columns = 0] = weight.dims;
    const { transposed = false } = options;
    const [out, into] = transposed ? [columns, rows] : [rows, columns];
    const outputs = options.outputs ?? paddedLines(1, out);
    const inputs = options.inputs ?? Array.from({ length: into }, (_, i) => i);
    const panels = new Float32Array(outputs.length * inputs.length);
    const padded = new Float32Array(outputs.length);
    for (const [o, output] of outputs.entries()) {
      if (output < 0) continue;
      padded[o] = bias?.[output] ?? 0;
      let at = Math.floor(o / 8) * inputs.length * 8 + (o % 8);
      for (const input of inputs) {
        if (input >= 0)
          panels[at] = weight.data[transposed ? input * columns + output : output * columns + input]!;
        at += 8;
      }
    }
    this.widest = Math.max(this.widest, outputs.length);
    return {
      panels: this.put(panels),
      outputs: outputs.length,
      inputs: inputs.length,
      bias: this.put(padded),
    };
  }

  private put(values: Float32Array): number {
    const bytes = values.byteLength;
    const address = this.memory.take(bytes);
    this.blocks.push({ address, bytes });
    this.memory.floats(address, values.length).set(values);
    return address;
  }
}
