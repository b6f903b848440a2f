import { floatBits } from './engineMemory.ts';
import type {
  LoadedAttention,
  LoadedFfn,
  LoadedGate,
  LoadedLayer,
  LoadedLinear,
  LoadedNorm,
  LoadedSegformer,
  LoadedStage,
} from './loadSegformer.ts';

/** What assembly/program.ts calls its steps. */
const KIND = {
  gemm: 0,
  convolution: 1,
  norm: 2,
  depthwise: 3,
  packKeys: 4,
  packValues: 5,
  dots: 6,
  attention: 7,
  head: 8,
  sums: 9,
  choose: 10,
  keptRows: 11,
  keptColumns: 12,
  keptEntries: 13,
  meansBias: 14,
} as const;

/** Words of a step. */
const STEP = 32;

const RMS = 1;
const CENTRED = 2;

/** Steps for one size of input, with the addresses that they read and write. */
export interface SegformerPlan {
  /** int32, 32 for each step. */
  readonly steps: Int32Array;
  readonly count: number;
  readonly stepsAt: number;
  /** Written once, before the first run. */
  readonly tables: readonly { readonly at: number; readonly values: Int32Array | Float32Array }[];
  /** float32 [3, height, width] */
  readonly input: number;
  /** float32 [classes, rows, columns] */
  readonly logits: number;
  readonly rows: number;
  readonly columns: number;
  /** By gate: the list of the kept, int32, -1 for none. */
  readonly lists: readonly { readonly name: string; readonly at: number; readonly entries: number }[];
  /** Bytes that it needs from its base on, and that each thread needs beside. */
  readonly bytes: number;
  readonly scratch: number;
}

interface Grid {
  readonly height: number;
  readonly width: number;
}

/** What a convolution reads: tokens, or the picture's planes. */
interface Source {
  readonly at: number;
  readonly grid: Grid;
  readonly channels: number;
  readonly planes: boolean;
}

const countOf = ({ height, width }: Grid): number => height * width;

/**
 * Plans a run of a model on an input of that size. Null where the input is too small for the model.
 *
 * @param base where the plan's own memory begins; what comes of it is the same for every base but for the addresses
 */
export function planSegformer(model: LoadedSegformer, input: Grid, base: number): SegformerPlan | null {
  // What is to last through the run lies behind what is written over: how much that is, is known only then.
  const measured = new Planner(model, 0, 0);
  if (!measured.plan(input)) return null;
  return new Planner(model, base, base + measured.passingBytes).plan(input);
}

class Planner {
  private readonly words: number[] = [];
  private readonly tables: { at: number; values: Int32Array | Float32Array }[] = [];
  private readonly lists: { name: string; at: number; entries: number }[] = [];
  private next: number;
  private highest: number;
  private lasting: number;
  private scratch = 0;

  constructor(
    private readonly model: LoadedSegformer,
    private readonly base: number,
    lasting: number,
  ) {
    this.next = base;
    this.highest = base;
    this.lasting = lasting;
  }

  /** Bytes of what is written over by later steps. */
  get passingBytes(): number {
    return this.highest - this.base;
  }

  plan(input: Grid): SegformerPlan | null {
    const { stages, head } = this.model;
    const image = this.floats(3 * countOf(input));
    const features: { at: number; grid: Grid }[] = [];
    let source: Source = { at: image, grid: input, channels: 3, planes: true };
    for (const stage of stages) {
      const grid = convolved(source.grid, stage.kernel, stage.stride, stage.padding);
      if (grid.height < 1 || grid.width < 1) return null;
      const at = this.floats(countOf(grid) * stage.channels);
      const before = this.next;
      if (!this.stage(stage, source, grid, at)) return null;
      this.next = before;
      features.push({ at, grid });
      source = { at, grid, channels: stage.channels, planes: false };
    }
    const grid = features[0]!.grid;
    const logits = this.floats(head.classes * countOf(grid));
    this.head(features, logits);
    const count = this.words.length / STEP;
    const stepsAt = this.persistent(this.words.length);
    return {
      steps: Int32Array.from(this.words),
      count,
      stepsAt,
      tables: this.tables,
      input: image,
      logits,
      rows: grid.height,
      columns: grid.width,
      lists: this.lists,
      bytes: this.lasting - this.base,
      scratch: this.scratch,
    };
  }

  /** The tokens of a stage, normalised, to `target`. False where the map is too small for its attention. */
  private stage(stage: LoadedStage, source: Source, grid: Grid, target: number): boolean {
    const { channels } = stage;
    const count = countOf(grid);
    const x = this.floats(count * channels);
    const normed = this.floats(count * channels);
    this.convolution(stage, source, grid, x);
    this.norm(stage.embedding, x, x, count, CENTRED);
    for (const { norm1, attention, norm2, ffn } of stage.blocks) {
      const before = this.next;
      this.norm(norm1, x, normed, count);
      if (!this.attention(attention, { x, normed, grid, channels })) return false;
      this.next = before;
      this.norm(norm2, x, normed, count);
      this.ffn(ffn, { x, normed, grid, channels });
      this.next = before;
    }
    this.norm(stage.norm, x, target, count);
    return true;
  }

  private convolution(
    {
      kernel,
      stride,
      padding,
      conv,
    }: { kernel: number; stride: number; padding: number; conv: LoadedLinear },
    source: Source,
    grid: Grid,
    target: number,
  ): void {
    const pixels = countOf(grid);
    const size = partSize(pixels, conv.inputs);
    this.scratch = Math.max(this.scratch, size * conv.inputs * 4);
    this.step(KIND.convolution, parts(pixels, size), [
      source.at,
      source.planes ? 1 : 0,
      source.grid.height,
      source.grid.width,
      source.channels,
      grid.width,
      kernel,
      stride,
      padding,
      size,
      pixels,
      conv.panels,
      conv.outputs / 8,
      conv.inputs,
      target,
      conv.outputs * 4,
      conv.bias,
    ]);
  }

  private attention(
    attention: LoadedAttention,
    { x, normed, grid, channels }: { x: number; normed: number; grid: Grid; channels: number },
  ): boolean {
    const { heads, reduction, query, key, value, output, queryWidth, valueWidth } = attention;
    const count = countOf(grid);
    let reduced = normed;
    let keys = count;
    if (reduction) {
      const { ratio, layer } = reduction;
      const small = convolved(grid, ratio, ratio, 0);
      keys = countOf(small);
      if (small.height < 1 || small.width < 1) return false;
      reduced = this.floats(keys * channels);
      const conv = { kernel: ratio, stride: ratio, padding: 0, conv: layer };
      this.convolution(conv, { at: normed, grid, channels, planes: false }, small, reduced);
      this.norm(reduction.norm, reduced, reduced, keys, 0);
    }
    const qkList = this.choice(query?.gate ?? null, normed, count, channels);
    const vList = this.choice(value.gate, reduced, keys, channels);
    const q = query ? this.product(query, qkList, normed, count, { scaled: false }) : normed;
    const k = this.product(key, qkList, reduced, keys, {
      scaled: query?.gate?.scales ?? false,
      biased: false,
    });
    const v = this.product(value, vList, reduced, keys, { scaled: value.gate?.scales ?? false });
    const panels = Math.ceil(keys / 8);
    const packedKeys = this.floats(heads * panels * queryWidth * 8);
    const panelsOfPart = Math.max(1, Math.ceil(panels / 8));
    const partsOfHead = parts(panels, panelsOfPart);
    this.step(KIND.packKeys, heads * partsOfHead, [
      k,
      heads * queryWidth * 4,
      keys,
      queryWidth,
      floatBits(attention.scale),
      packedKeys,
      partsOfHead,
      panelsOfPart,
      panels * queryWidth * 32,
    ]);
    const packedValues = this.floats(heads * keys * valueWidth);
    this.step(KIND.packValues, (heads * valueWidth) / 8, [v, heads * valueWidth * 4, keys, packedValues]);
    const offsets = this.offsets(attention.keyOffset, reduced, channels, keys);
    const mixed = output ? this.floats(count * heads * valueWidth) : x;
    const rows = Math.max(4, Math.min(32, Math.floor(16384 / (panels * 8) / 4) * 4));
    this.scratch = Math.max(this.scratch, rows * panels * 32 + rows * 4);
    this.step(KIND.attention, heads * parts(count, rows), [
      q,
      heads * queryWidth * 4,
      count,
      rows,
      parts(count, rows),
      queryWidth,
      packedKeys,
      panels * queryWidth * 32,
      offsets,
      keys,
      packedValues,
      keys * valueWidth * 4,
      valueWidth,
      this.model.zeros,
      output ? 0 : x,
      mixed,
      heads * valueWidth * 4,
    ]);
    if (output) this.output(output, vList, mixed, x, { count, channels, width: heads * valueWidth });
    return true;
  }

  /** What is added to the scores of each key; zeros where there is nothing. */
  private offsets(vector: number, source: number, channels: number, keys: number): number {
    const padded = Math.ceil(keys / 8) * 8;
    const at = this.floats(padded);
    if (vector) {
      this.step(KIND.dots, parts(keys, 64), [source, channels, vector, keys, 64, at]);
      return at;
    }
    const zeros = this.persistent(padded);
    this.tables.push({ at: zeros, values: new Float32Array(padded) });
    return zeros;
  }

  /** Adds a layer of what was computed of the kept, or of all, to x. */
  private output(
    output: LoadedLayer,
    list: Choice | null,
    source: number,
    x: number,
    { count, channels, width }: { count: number; channels: number; width: number },
  ): void {
    if (!output.gate || !list) {
      if (!output.gate) this.gemm(source, count, output.layer, x, x);
      return;
    }
    const panels = this.floats(width * channels);
    this.step(KIND.keptColumns, channels / 8, [output.layer.rows, channels, list.list, width, panels]);
    const bias = output.layer.bias || this.model.zeros;
    this.gemm(source, count, { panels, outputs: channels, inputs: width, bias }, x, x);
  }

  private ffn(
    { gate, neurons, fc1, depthwise, fc2, means }: LoadedFfn,
    { x, normed, grid, channels }: { x: number; normed: number; grid: Grid; channels: number },
  ): void {
    const count = countOf(grid);
    const list = this.choice(gate, normed, count, channels);
    const hidden = this.product(fc1, list, normed, count, { scaled: false });
    let { weight, bias } = depthwise;
    if (gate && list) {
      const scales = gate.scales ? list.values : 0;
      weight = this.floats(9 * neurons);
      bias = this.floats(neurons);
      this.step(KIND.keptEntries, 1, [
        depthwise.weight,
        depthwise.all,
        9,
        list.list,
        neurons,
        scales,
        weight,
      ]);
      this.step(KIND.keptEntries, 1, [depthwise.bias, depthwise.all, 1, list.list, neurons, 0, bias]);
    }
    const activated = this.floats(count * neurons);
    const rows = Math.max(1, Math.floor(16384 / (grid.width * neurons)));
    this.step(KIND.depthwise, parts(grid.height, rows), [
      hidden,
      activated,
      grid.height,
      grid.width,
      neurons,
      rows,
      weight,
      bias,
      this.model.zeros,
    ]);
    if (fc2.gate && list && means) {
      const own = this.floats(channels);
      const whole = fc2.layer.bias || this.model.zeros;
      this.step(KIND.meansBias, 1, [whole, means, fc2.layer.rows, channels, list.list, neurons, own]);
      const layer = { ...fc2, layer: { ...fc2.layer, bias: own } };
      this.output(layer, list, activated, x, { count, channels, width: neurons });
      return;
    }
    this.output(fc2, list, activated, x, { count, channels, width: neurons });
  }

  /** Which neurons a gate keeps of a picture; null without one. */
  private choice(gate: LoadedGate | null, source: number, count: number, channels: number): Choice | null {
    if (!gate) return null;
    const size = Math.max(16, Math.ceil(count / 16));
    const sums = this.floats(parts(count, size) * channels);
    this.step(KIND.sums, parts(count, size), [source, channels, count, size, sums]);
    const entries = gate.groups * gate.entries;
    // Read after the run: not to be written over by what comes later.
    const list = this.persistent(entries);
    const values = this.floats(entries);
    const widest = Math.max(channels, ...gate.layers.map(({ outputs }) => outputs));
    const { norm } = gate;
    const words = [
      sums,
      parts(count, size),
      channels,
      count,
      gate.offset,
      norm?.scale ?? 0,
      norm?.bias ?? 0,
      floatBits(norm?.epsilon ?? 0),
      gate.layers.length,
      gate.groups,
      gate.width,
      gate.kept,
      gate.entries,
      list,
      values,
      this.floats(2 * widest),
      ...gate.layers.flatMap(({ weight, bias, inputs, outputs }) => [weight, bias, inputs, outputs]),
    ];
    const task = this.persistent(words.length);
    this.tables.push({ at: task, values: Int32Array.from(words) });
    this.step(KIND.choose, 1, [task]);
    this.lists.push({ name: gate.name, at: list, entries });
    return { list, values, entries };
  }

  /** A layer over rows, of all its outputs or of those in a list; returns where the result is. */
  private product(
    layer: LoadedLayer,
    list: Choice | null,
    source: number,
    count: number,
    { scaled, biased = true }: { scaled: boolean; biased?: boolean },
  ): number {
    if (!layer.gate || !list) {
      const own = layer.layer as LoadedLinear;
      const target = this.floats(count * own.outputs);
      this.gemm(source, count, own, target, 0);
      return target;
    }
    const { rows, width, bias } = layer.layer;
    const { entries } = list;
    const scales = scaled ? list.values : 0;
    const panels = this.floats(entries * width);
    this.step(KIND.keptRows, entries / 8, [rows, width, list.list, scales, panels]);
    let ownBias = this.model.zeros;
    if (bias && biased) {
      ownBias = this.floats(entries);
      this.step(KIND.keptEntries, 1, [bias, 0, 1, list.list, entries, scales, ownBias]);
    }
    const target = this.floats(count * entries);
    this.gemm(source, count, { panels, outputs: entries, inputs: width, bias: ownBias }, target, 0);
    return target;
  }

  private gemm(source: number, count: number, layer: LoadedLinear, target: number, addend: number): void {
    const size = partSize(count, layer.inputs);
    this.step(KIND.gemm, parts(count, size), [
      source,
      layer.inputs * 4,
      count,
      size,
      layer.panels,
      layer.outputs / 8,
      layer.inputs,
      target,
      layer.outputs * 4,
      layer.bias,
      addend,
      layer.outputs * 4,
    ]);
  }

  private norm(norm: LoadedNorm, source: number, target: number, count: number, form = 0): void {
    const { scale, bias, epsilon, channels } = norm;
    const size = Math.max(8, Math.ceil(8192 / channels));
    this.step(KIND.norm, parts(count, size), [
      source,
      target,
      count,
      size,
      channels,
      scale,
      bias,
      floatBits(epsilon),
      form | (bias ? 0 : RMS),
    ]);
  }

  private head(features: readonly { at: number; grid: Grid }[], logits: number): void {
    const { head } = this.model;
    const { depth, classes } = head;
    const [finest, ...coarser] = features;
    const { height, width } = finest!.grid;
    const first = head.stages[0]!;
    const words = [
      finest!.at,
      first.inputs,
      first.panels,
      first.bias,
      width,
      height,
      depth,
      head.classifier,
      classes,
      logits,
      coarser.length,
      0,
    ];
    let widest = 0;
    for (const [index, { at, grid }] of coarser.entries()) {
      const map = this.floats(countOf(grid) * depth);
      this.gemm(at, countOf(grid), head.stages[index + 1]!, map, 0);
      widest = Math.max(widest, grid.width);
      const rows = this.samples(grid.height, height);
      const columns = this.samples(grid.width, width);
      words.push(
        map,
        grid.width,
        rows.low,
        rows.high,
        rows.weight,
        columns.low,
        columns.high,
        columns.weight,
      );
    }
    const task = this.persistent(words.length);
    this.tables.push({ at: task, values: Int32Array.from(words) });
    const panels = Math.ceil(width / 8);
    const blended = Math.max(widest * depth * 4, classes * 32);
    this.scratch = Math.max(this.scratch, width * depth * 4 + panels * (depth + 1) * 32 + blended);
    this.step(KIND.head, height, [task, 1, height]);
  }

  /** ONNX's Resize, linear, half_pixel: which two of the input each output is between. */
  private samples(inSize: number, outSize: number): { low: number; high: number; weight: number } {
    const low = new Int32Array(outSize);
    const high = new Int32Array(outSize);
    const weight = new Float32Array(outSize);
    for (let out = 0; out < outSize; out++) {
      const at = Math.min(inSize - 1, Math.max(0, ((out + 0.5) * inSize) / outSize - 0.5));
      low[out] = Math.floor(at);
      high[out] = Math.min(inSize - 1, low[out]! + 1);
      weight[out] = at - low[out]!;
    }
    const put = (values: Int32Array | Float32Array): number => {
      const address = this.persistent(values.length);
      this.tables.push({ at: address, values });
      return address;
    };
    return { low: put(low), high: put(high), weight: put(weight) };
  }

  private step(kind: number, partCount: number, parameters: readonly number[]): void {
    const words = [kind, partCount, 0, 0, ...parameters];
    while (words.length < STEP) words.push(0);
    this.words.push(...words);
  }

  private floats(count: number): number {
    const at = this.next;
    this.next += Math.ceil((count * 4) / 64) * 64;
    this.highest = Math.max(this.highest, this.next);
    return at;
  }

  /** For what is written before the run, or read after it. */
  private persistent(count: number): number {
    const at = this.lasting;
    this.lasting += Math.ceil((count * 4) / 64) * 64;
    return at;
  }
}

/** What a gate chose: int32 indices, float32 values, of all groups. */
interface Choice {
  readonly list: number;
  readonly values: number;
  readonly entries: number;
}

const parts = (count: number, size: number): number => Math.ceil(count / size);

/** Rows of a part of a product over k: so few that they stay in the first cache, enough to be worth a turn. */
function partSize(count: number, k: number): number {
  const fits = Math.min(128, Math.max(32, Math.floor(6144 / k / 4) * 4));
  return Math.max(4, Math.min(fits, Math.ceil(count / 16) * 4));
}

function convolved({ height, width }: Grid, kernel: number, stride: number, padding: number): Grid {
  const side = (size: number): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return { height: side(height), width: side(width) };
}
