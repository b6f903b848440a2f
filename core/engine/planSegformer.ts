import { sampleAxis } from '../imaging/axisSampling.ts';
import { floatBits } from './engineMemory.ts';
import type { LoadedAttention, LoadedFfn, LoadedSegformer, LoadedStage } from './loadSegformer.ts';
import {
  CENTRED,
  convolved,
  countOf,
  KIND,
  LayerPlans,
  parts,
  type Grid,
  type Source,
} from './planLayers.ts';
import { PlanMemory, type KeptList, type PlanTable } from './planMemory.ts';

/** Steps for one size of input, with the addresses that they read and write. */
export interface SegformerPlan {
  /** int32, 32 for each step. */
  readonly steps: Int32Array;
  readonly count: number;
  readonly stepsAt: number;
  /** Written once, before the first run. */
  readonly tables: readonly PlanTable[];
  /** float32 [3, height, width] */
  readonly input: number;
  /** float32 [classes, rows, columns] */
  readonly logits: number;
  readonly rows: number;
  readonly columns: number;
  /** By gate: the list of the kept, int32, -1 for none. */
  readonly lists: readonly KeptList[];
  /** Bytes that it needs from its base on, and that each thread needs beside. */
  readonly bytes: number;
  readonly scratch: number;
}

/**
 * Plans a run of a model on an input of that size. Null where the input is too small for the model.
 *
 * @param base where the plan's own memory begins; what comes of it is the same for every base but for the addresses
 */
export function planSegformer(model: LoadedSegformer, input: Grid, base: number): SegformerPlan | null {
  // What is to last through the run lies behind what is written over: how much that is, is known only then.
  const measured = new PlanMemory(0, 0);
  if (!new Planner(model, measured).plan(input)) return null;
  return new Planner(model, new PlanMemory(base, base + measured.passingBytes)).plan(input);
}

/** What a block works on. */
interface Tokens {
  /** Its tokens, which it adds to, and room for them normalised. */
  readonly x: number;
  readonly normed: number;
  readonly grid: Grid;
  readonly channels: number;
}

class Planner {
  private readonly layers: LayerPlans;

  constructor(
    private readonly model: LoadedSegformer,
    private readonly memory: PlanMemory,
  ) {
    this.layers = new LayerPlans(memory, model.zeros);
  }

  plan(input: Grid): SegformerPlan | null {
    const { stages, head } = this.model;
    const image = this.memory.floats(3 * countOf(input));
    const features: { at: number; grid: Grid }[] = [];
    let source: Source = { at: image, grid: input, channels: 3, planes: true };
    for (const stage of stages) {
      const grid = convolved(source.grid, stage.kernel, stage.stride, stage.padding);
      if (grid.height < 1 || grid.width < 1) return null;
      const at = this.memory.floats(countOf(grid) * stage.channels);
      const own = source;
      if (!this.memory.passing(() => this.stage(stage, own, grid, at))) return null;
      features.push({ at, grid });
      source = { at, grid, channels: stage.channels, planes: false };
    }
    const grid = features[0]!.grid;
    const logits = this.memory.floats(head.classes * countOf(grid));
    this.head(features, logits);
    const { memory } = this;
    const { steps, stepCount: count, tables, lists, scratch } = memory;
    const stepsAt = memory.persistent(steps.length);
    const { height: rows, width: columns } = grid;
    const { bytes } = memory;
    return { steps, count, stepsAt, tables, input: image, logits, rows, columns, lists, bytes, scratch };
  }

  /** The tokens of a stage, normalised, to `target`. False where the map is too small for its attention. */
  private stage(stage: LoadedStage, source: Source, grid: Grid, target: number): boolean {
    const { channels } = stage;
    const count = countOf(grid);
    const x = this.memory.floats(count * channels);
    const normed = this.memory.floats(count * channels);
    this.layers.convolution(stage, source, grid, x);
    this.layers.norm(stage.embedding, x, x, count, CENTRED);
    for (const { norm1, attention, norm2, ffn } of stage.blocks) {
      const tokens = { x, normed, grid, channels };
      this.layers.norm(norm1, x, normed, count);
      if (!this.memory.passing(() => this.attention(attention, tokens))) return false;
      this.layers.norm(norm2, x, normed, count);
      this.memory.passing(() => this.ffn(ffn, tokens));
    }
    this.layers.norm(stage.norm, x, target, count);
    return true;
  }

  private attention(attention: LoadedAttention, { x, normed, grid, channels }: Tokens): boolean {
    const { heads, reduction, query, key, value, output, queryWidth, valueWidth } = attention;
    const count = countOf(grid);
    let reduced = normed;
    let keys = count;
    if (reduction) {
      const { ratio, layer } = reduction;
      const small = convolved(grid, ratio, ratio, 0);
      keys = countOf(small);
      if (small.height < 1 || small.width < 1) return false;
      reduced = this.memory.floats(keys * channels);
      const conv = { kernel: ratio, stride: ratio, padding: 0, conv: layer };
      this.layers.convolution(conv, { at: normed, grid, channels, planes: false }, small, reduced);
      this.layers.norm(reduction.norm, reduced, reduced, keys, 0);
    }
    const qkList = this.layers.choice(query?.gate ?? null, normed, count, channels);
    const vList = this.layers.choice(value.gate, reduced, keys, channels);
    const q = query ? this.layers.product(query, qkList, normed, count, { scaled: false }) : normed;
    const k = this.layers.product(key, qkList, reduced, keys, {
      scaled: query?.gate?.scales ?? false,
      biased: false,
    });
    const v = this.layers.product(value, vList, reduced, keys, { scaled: value.gate?.scales ?? false });
    const panels = Math.ceil(keys / 8);
    const packedKeys = this.memory.floats(heads * panels * queryWidth * 8);
    const panelsOfPart = Math.max(1, Math.ceil(panels / 8));
    const partsOfHead = parts(panels, panelsOfPart);
    this.memory.step(KIND.packKeys, heads * partsOfHead, [
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
    const packedValues = this.memory.floats(heads * keys * valueWidth);
    this.memory.step(KIND.packValues, (heads * valueWidth) / 8, [
      v,
      heads * valueWidth * 4,
      keys,
      packedValues,
    ]);
    const offsets = this.offsets(attention.keyOffset, reduced, channels, keys);
    const mixed = output ? this.memory.floats(count * heads * valueWidth) : x;
    const rows = Math.max(4, Math.min(32, Math.floor(16384 / (panels * 8) / 4) * 4));
    this.memory.needScratch(rows * panels * 32 + rows * 4);
    this.memory.step(KIND.attention, heads * parts(count, rows), [
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
    if (output) this.layers.output(output, vList, mixed, x, { count, channels, width: heads * valueWidth });
    return true;
  }

  /** What is added to the scores of each key; zeros where there is nothing. */
  private offsets(vector: number, source: number, channels: number, keys: number): number {
    const padded = Math.ceil(keys / 8) * 8;
    const at = this.memory.floats(padded);
    if (vector) {
      this.memory.step(KIND.dots, parts(keys, 64), [source, channels, vector, keys, 64, at]);
      return at;
    }
    return this.memory.table(new Float32Array(padded));
  }

  private ffn(
    { gate, neurons, fc1, depthwise, fc2, means }: LoadedFfn,
    { x, normed, grid, channels }: Tokens,
  ): void {
    const count = countOf(grid);
    const list = this.layers.choice(gate, normed, count, channels);
    const hidden = this.layers.product(fc1, list, normed, count, { scaled: false });
    let { weight, bias } = depthwise;
    if (gate && list) {
      const scales = gate.scales ? list.values : 0;
      weight = this.memory.floats(9 * neurons);
      bias = this.memory.floats(neurons);
      this.memory.step(KIND.keptEntries, 1, [
        depthwise.weight,
        depthwise.all,
        9,
        list.list,
        neurons,
        scales,
        weight,
      ]);
      this.memory.step(KIND.keptEntries, 1, [depthwise.bias, depthwise.all, 1, list.list, neurons, 0, bias]);
    }
    const activated = this.memory.floats(count * neurons);
    const rows = Math.max(1, Math.floor(16384 / (grid.width * neurons)));
    this.memory.step(KIND.depthwise, parts(grid.height, rows), [
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
      const own = this.memory.floats(channels);
      const whole = fc2.layer.bias || this.model.zeros;
      this.memory.step(KIND.meansBias, 1, [whole, means, fc2.layer.rows, channels, list.list, neurons, own]);
      const layer = { ...fc2, layer: { ...fc2.layer, bias: own } };
      this.layers.output(layer, list, activated, x, { count, channels, width: neurons });
      return;
    }
    this.layers.output(fc2, list, activated, x, { count, channels, width: neurons });
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
      const map = this.memory.floats(countOf(grid) * depth);
      this.layers.gemm(at, countOf(grid), head.stages[index + 1]!, map, 0);
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
    const task = this.memory.table(Int32Array.from(words));
    const panels = Math.ceil(width / 8);
    const blended = Math.max(widest * depth * 4, classes * 32);
    this.memory.needScratch(width * depth * 4 + panels * (depth + 1) * 32 + blended);
    this.memory.step(KIND.head, height, [task, 1, height]);
  }

  /** ONNX's Resize, linear, half_pixel: which two of the input each output is between. */
  private samples(inSize: number, outSize: number): { low: number; high: number; weight: number } {
    const { low, weight } = sampleAxis(inSize, outSize);
    const high = low.map((at) => Math.min(inSize - 1, at + 1));
    // Behind the last input there is nothing to be between.
    const weights = Float32Array.from(weight, (share, out) => (high[out] === low[out] ? 0 : share));
    const { memory } = this;
    return { low: memory.table(low), high: memory.table(high), weight: memory.table(weights) };
  }
}
