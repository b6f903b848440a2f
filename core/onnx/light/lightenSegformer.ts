import { countMacs } from '../countMacs.ts';
import type { OnnxModel } from '../onnxModel.ts';
import { emitSegformer } from '../segformer/emitSegformer.ts';
import { recogniseSegformer } from '../segformer/recogniseSegformer.ts';
import type { SegformerGraph } from '../segformer/segformerGraph.ts';
import { writeOnnx } from '../writeOnnx.ts';
import { ProblemError } from '../../problem.ts';
import { agreementShare, divergence } from '../../prune/divergence.ts';
import type { OpenSession } from '../../prune/partSession.ts';
import type { CalibrationImages, Cancellation } from '../../prune/pruneReport.ts';
import { firstImages, runOnImages } from '../../prune/runOnImages.ts';
import { int8Layers, lightLayers, preparedForLight, withInt8, withTanhGelu } from './lightLayers.ts';

/** Each layer costs a run of the model on each of these; what all of them together do is measured on more. */
const SENSITIVITY_IMAGES = 2;
const CHECK_IMAGES = 6;

/** The standard form: read by every runtime, and again by the studio, which makes the faster forms of it itself. */
const PORTABLE = { backend: 'webgpu', storage: 'int8', rewrites: { mergeProjections: false } } as const;

/** What is measured: the form that runs, where products are in integers. */
const RUNNING = { backend: 'wasm', exposeGates: false } as const;

export interface LightenProgress {
  /** `sensitivity` counts layers. */
  readonly phase: 'sensitivity' | 'check';
  readonly done: number;
  readonly total: number;
}

export interface LightenOptions {
  /** Any exporter's SegFormer, or a student. */
  readonly model: OnnxModel;
  /** In the order in which they are taken; as large as the light model will be fed. Labels are not needed. */
  readonly images: CalibrationImages;
  /**
   * How far one layer in 8 bits may move the class probabilities, in nats per position (mean Kullback-Leibler
   * divergence); a layer that moves them further stays in floats. 0 keeps all of them.
   */
  readonly tolerance: number;
  readonly open: OpenSession;
  readonly onProgress?: (progress: LightenProgress) => void;
  readonly signal?: Cancellation;
}

/** What was made of one layer. */
export interface LightenedLayer {
  readonly name: string;
  readonly weights: number;
  /** Nats per position that it moves the class probabilities when it alone is in 8 bits. */
  readonly sensitivity: number;
  readonly int8: boolean;
}

export interface LightenReport {
  readonly height: number;
  readonly width: number;
  readonly tolerance: number;
  readonly layers: readonly LightenedLayer[];
  /** Of tanh GELU alone, and of all together, in nats per position. */
  readonly geluDivergence: number;
  readonly divergence: number;
  /** Share of positions that keep their class. */
  readonly agreement: number;
  readonly checkedImages: number;
}

export interface LightenedModel {
  readonly onnx: Uint8Array<ArrayBuffer>;
  readonly graph: SegformerGraph;
  readonly parameters: number;
  readonly report: LightenReport;
}

/** Throws ProblemError `lighten.badTolerance`. */
export function checkTolerance(tolerance: number): void {
  if (tolerance >= 0 && Number.isFinite(tolerance)) return;
  throw new ProblemError({
    code: 'lighten.badTolerance',
    title: `the tolerance ${tolerance} is not a number from 0 on`,
    hint: 'It is how far one layer may move the class probabilities, in nats per position: 0.002 is usual',
  });
}

/**
 * Makes the light form of a model: GELU by tanh, and the large matrix products in 8-bit integers, but for those whose
 * rounding moves the class probabilities by more than `tolerance` on the images. Gates, and with them the keep ratio,
 * stay.
 *
 * The file that it gives is an ordinary one, weights of those products stored in 8 bits (DequantizeLinear), others in
 * float16: any runtime computes it in floats. The studio recognises it and multiplies in integers on WASM, where that
 * is faster, and in floats on WebGPU.
 *
 * @throws ProblemError `lighten.badTolerance`, `lighten.noImages`, `lighten.notSegformer` (where it differs); what
 *   reading a damaged graph throws, and what `signal` throws
 */
export async function lightenSegformer(options: LightenOptions): Promise<LightenedModel> {
  const { model, images, tolerance, open, onProgress = () => undefined, signal } = options;
  checkTolerance(tolerance);
  if (images.count === 0) {
    throw new ProblemError({
      code: 'lighten.noImages',
      title: 'there is no image to measure on',
      hint: 'Give a few images of the kind that the model will see; labels are not needed',
    });
  }
  const original = readModel(model);
  const inputs = await firstImages(images, CHECK_IMAGES);
  const classes = original.head.classifier.weight.dims[0] ?? 0;
  const logitsOf = (graph: SegformerGraph, of = inputs) =>
    runOnImages(writeOnnx(emitSegformer(graph, RUNNING)), graph, of, { open, signal });

  const reference = await logitsOf(original);
  const distance = (logits: readonly Float32Array[]) =>
    mean(reference.map((each, i) => divergence(each, logits[i]!, classes)));
  const smooth = withTanhGelu(preparedForLight(original));
  const smoothLogits = await logitsOf(smooth);
  const candidates = lightLayers(smooth);
  const layers: LightenedLayer[] = [];
  for (const { name, weights } of candidates) {
    signal?.throwIfAborted();
    onProgress({ phase: 'sensitivity', done: layers.length, total: candidates.length });
    const rounded = await logitsOf(withInt8(smooth, new Set([name])), inputs.slice(0, SENSITIVITY_IMAGES));
    const sensitivity = mean(rounded.map((each, i) => divergence(smoothLogits[i]!, each, classes)));
    layers.push({ name, weights, sensitivity, int8: sensitivity <= tolerance && tolerance > 0 });
  }
  onProgress({ phase: 'check', done: 0, total: 1 });
  const chosen = new Set(layers.filter(({ int8 }) => int8).map(({ name }) => name));
  const graph = withInt8(smooth, chosen);
  const found = await logitsOf(graph);
  const portable = emitSegformer(graph, PORTABLE);
  const { height, width } = inputs[0]!;
  return {
    onnx: writeOnnx(portable),
    graph,
    parameters: countMacs(portable, { height, width }).params,
    report: {
      height,
      width,
      tolerance,
      layers,
      geluDivergence: distance(smoothLogits),
      divergence: distance(found),
      agreement: mean(reference.map((each, i) => agreementShare(each, found[i]!, classes))),
      checkedImages: inputs.length,
    },
  };
}

function readModel(model: OnnxModel): SegformerGraph {
  const recognition = recogniseSegformer(model);
  if (!recognition.recognised) {
    const { where, expected, found } = recognition;
    throw new ProblemError({
      code: 'lighten.notSegformer',
      subject: model.subject,
      title: `it is not a SegFormer that can be lightened: ${where} is not ${expected}`,
      detail: `Found ${found}`,
      hint: 'Choose a SegFormer as transformers, optimum or torch.onnx export it, or a student of the studio',
    });
  }
  if (int8Layers(recognition.graph).length > 0) {
    throw new ProblemError({
      code: 'lighten.light',
      subject: model.subject,
      title: `it is light already: ${int8Layers(recognition.graph).length} of its layers are in 8 bits`,
      hint: 'Lighten the model that it was made of',
    });
  }
  return recognition.graph;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
