import { floatBits } from './engineMemory.ts';
import type { LoadedGate, LoadedLayer, LoadedLinear, LoadedNorm } from './loadSegformer.ts';
import type { PlanMemory } from './planMemory.ts';

/** What assembly/program.ts calls its steps. */
export const KIND = {
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

/** Forms of a norm. */
const RMS = 1;
export const CENTRED = 2;

export interface Grid {
  readonly height: number;
  readonly width: number;
}

/** What a convolution reads: tokens, or the picture's planes. */
export interface Source {
  readonly at: number;
  readonly grid: Grid;
  readonly channels: number;
  readonly planes: boolean;
}

/** What a gate chose: int32 indices, float32 values, of all groups. */
export interface Choice {
  readonly list: number;
  readonly values: number;
  readonly entries: number;
}

export const countOf = ({ height, width }: Grid): number => height * width;

export const parts = (count: number, size: number): number => Math.ceil(count / size);

/** The map that a convolution makes of another. */
export function convolved({ height, width }: Grid, kernel: number, stride: number, padding: number): Grid {
  const side = (size: number): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return { height: side(height), width: side(width) };
}

/** Rows of a part of a product over k: so few that they stay in the first cache, enough to be worth a turn. */
function partSize(count: number, k: number): number {
  const fits = Math.min(128, Math.max(32, Math.floor(6144 / k / 4) * 4));
  return Math.max(4, Math.min(fits, Math.ceil(count / 16) * 4));
}

/** The layers that a SegFormer is made of, as steps of a plan. */
export class LayerPlans {
  constructor(
    private readonly memory: PlanMemory,
    /** As many zeros as any layer has neurons. */
    private readonly zeros: number,
  ) {}

  convolution(
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
    this.memory.needScratch(size * conv.inputs * 4);
    this.memory.step(KIND.convolution, parts(pixels, size), [
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

  /** Adds a layer of what was computed of the kept, or of all, to x. */
  output(
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
    const panels = this.memory.floats(width * channels);
    this.memory.step(KIND.keptColumns, channels / 8, [output.layer.rows, channels, list.list, width, panels]);
    const bias = output.layer.bias || this.zeros;
    this.gemm(source, count, { panels, outputs: channels, inputs: width, bias }, x, x);
  }

  /** Which neurons a gate keeps of a picture; null without one. */
  choice(gate: LoadedGate | null, source: number, count: number, channels: number): Choice | null {
    if (!gate) return null;
    const size = Math.max(16, Math.ceil(count / 16));
    const sums = this.memory.floats(parts(count, size) * channels);
    this.memory.step(KIND.sums, parts(count, size), [source, channels, count, size, sums]);
    const entries = gate.groups * gate.entries;
    // Read after the run: not to be written over by what comes later.
    const list = this.memory.persistent(entries);
    const values = this.memory.floats(entries);
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
      this.memory.floats(2 * widest),
      ...gate.layers.flatMap(({ weight, bias, inputs, outputs }) => [weight, bias, inputs, outputs]),
    ];
    const task = this.memory.table(Int32Array.from(words));
    this.memory.step(KIND.choose, 1, [task]);
    this.memory.lists.push({ name: gate.name, at: list, entries });
    return { list, values, entries };
  }

  /** A layer over rows, of all its outputs or of those in a list; returns where the result is. */
  product(
    layer: LoadedLayer,
    list: Choice | null,
    source: number,
    count: number,
    { scaled, biased = true }: { scaled: boolean; biased?: boolean },
  ): number {
    if (!layer.gate || !list) {
      const own = layer.layer as LoadedLinear;
      const target = this.memory.floats(count * own.outputs);
      this.gemm(source, count, own, target, 0);
      return target;
    }
    const { rows, width, bias } = layer.layer;
    const { entries } = list;
    const scales = scaled ? list.values : 0;
    const panels = this.memory.floats(entries * width);
    this.memory.step(KIND.keptRows, entries / 8, [rows, width, list.list, scales, panels]);
    let ownBias = this.zeros;
    if (bias && biased) {
      ownBias = this.memory.floats(entries);
      this.memory.step(KIND.keptEntries, 1, [bias, 0, 1, list.list, entries, scales, ownBias]);
    }
    const target = this.memory.floats(count * entries);
    this.gemm(source, count, { panels, outputs: entries, inputs: width, bias: ownBias }, target, 0);
    return target;
  }

  gemm(source: number, count: number, layer: LoadedLinear, target: number, addend: number): void {
    const size = partSize(count, layer.inputs);
    this.memory.step(KIND.gemm, parts(count, size), [
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

  norm(norm: LoadedNorm, source: number, target: number, count: number, form = 0): void {
    const { scale, bias, epsilon, channels } = norm;
    const size = Math.max(8, Math.ceil(8192 / channels));
    this.memory.step(KIND.norm, parts(count, size), [
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
}
