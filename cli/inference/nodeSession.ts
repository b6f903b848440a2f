import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { readEmitted } from '#core/engine/emittedSegformer.ts';
import { EngineModel } from '#core/engine/engineModel.ts';
import { KERNELS_IN_USE } from '#core/engine/kernelsInUse.ts';
import { gateLayout, type GateLayout } from '#core/gates/gateLayout.ts';
import { gatesOfOutputs } from '#core/gates/recordedGates.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { preparationKey, prepareInput, type PreparedInput } from '#core/inference/prepareInput.ts';
import { retargetKeepRatio } from '#core/onnx/retargetKeepRatio.ts';
import { DEFAULT_RUN_SETTINGS, type InputSizing } from '#core/inference/runSettings.ts';
import type { Segmentation } from '#core/inference/segment.ts';
import { segmentGated, type GatedLogits, type GatedSegmentation } from '#core/inference/segmentGated.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { countMacs } from '#core/onnx/countMacs.ts';
import { gatedLayers } from '#core/onnx/gatedLayers.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { optimisationLevel } from '#core/onnx/optimisationLevel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { ProblemError } from '#core/problem.ts';
import { OptimisedModels } from '../../main/node/optimisedModels.ts';
import { optimisedModelsFolder } from '../../main/node/userDataFolder.ts';
import { nodeEngine } from './nodeEngine.ts';

export interface SessionOptions {
  /** Of the first session, for the whole process: the WebAssembly heap is shared. */
  readonly threads?: number;
  /** Default: square, as the model was trained. */
  readonly sizing?: InputSizing;
  /** Share of the gated neurons that are computed; default: the file's. */
  readonly keepRatio?: number | null;
  /** Default true: the model runs in the optimised form that the studio makes of it; false: as its file is. */
  readonly optimise?: boolean;
  /** `kernels`: what the studio's own kernels can compute, they do. Default: as KERNELS_IN_USE says. */
  readonly runtime?: 'kernels' | 'onnxruntime';
}

type SegmentedInput = Pick<Segmentation, 'inputHeight' | 'inputWidth' | 'tiles'>;

const now = (): number => performance.now();

const optimisedModels = new OptimisedModels(optimisedModelsFolder());

/**
 * A model that runs in this process, by the same WebAssembly kernels as in the window: the class maps of
 * both are the same to the last pixel.
 */
export class NodeSession {
  readonly model: ModelInfo;
  readonly #session: ort.InferenceSession | EngineModel;
  readonly #graph: OnnxModel;
  readonly #macsBySize = new Map<string, number>();
  /** Of the gated layers that the graph tells of; null: none. */
  readonly #layout: GateLayout | null;

  private constructor(
    model: ModelInfo,
    session: ort.InferenceSession | EngineModel,
    graph: OnnxModel,
    readonly sizing: InputSizing,
  ) {
    this.model = model;
    this.#session = session;
    this.#graph = graph;
    const layers = gatedLayers(graph);
    this.#layout = layers.length === 0 ? null : gateLayout(layers);
  }

  /** Throws ProblemError `model.session`, `retarget.noGates`. */
  static async create(model: ModelInfo, options: SessionOptions = {}): Promise<NodeSession> {
    const threads = options.threads ?? Math.min(8, availableParallelism());
    ort.env.wasm.numThreads ??= threads;
    const { sizing = DEFAULT_RUN_SETTINGS.sizing, keepRatio = null } = options;
    const { path } = await optimisedModels.fileFor(model, options.optimise === false ? 'plain' : 'wasm');
    const file = await readFile(path);
    const graph = readOnnx(file, model.onnxFile);
    if (keepRatio !== null) retargetKeepRatio(graph, keepRatio);
    const byKernels = options.runtime ? options.runtime === 'kernels' : KERNELS_IN_USE;
    const emitted = byKernels ? readEmitted(graph) : null;
    const engine = emitted && nodeEngine(threads);
    const computed = engine && EngineModel.create(engine, emitted, model.onnxFile);
    if (computed) return new NodeSession(model, computed, graph, sizing);
    const bytes = keepRatio === null ? file : writeOnnx(graph);
    try {
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: optimisationLevel(graph),
      });
      return new NodeSession(model, session, graph, sizing);
    } catch (error) {
      throw new ProblemError(
        {
          code: 'model.session',
          subject: model.onnxFile,
          title: 'onnxruntime cannot run this model',
          detail: error instanceof Error ? error.message : String(error),
          hint: 'Export it again with opset 17 or later and operators of the standard ONNX domain',
        },
        { cause: error },
      );
    }
  }

  /** The picture as this model is fed it: other models that want the same may be given it too. */
  prepare(image: RgbaImage): PreparedInput {
    const { sizing } = this;
    return prepareInput(image, { preprocessor: this.model.preprocessor, sizing, now });
  }

  /** One picture, or what `prepare` of a model with the same preprocessor and sizing made of it. */
  segment(image: RgbaImage | PreparedInput): Promise<GatedSegmentation> {
    return segmentGated('plan' in image ? image : this.prepare(image), {
      now,
      runSession: (pixelValues, height, width) => this.#run(pixelValues, height, width),
    });
  }

  /** The gated layers that the model tells of, in the order in which they run; none for a teacher. */
  get gatedLayers(): GateLayout['layers'] {
    return this.#layout?.layers ?? [];
  }

  /** Names what `prepare` makes of a picture: the same text, the same input. */
  get preparation(): string {
    return preparationKey(this.model.preprocessor, this.sizing);
  }

  /** Multiply-adds of a result's runs. */
  macs({ inputHeight: height, inputWidth: width, tiles }: SegmentedInput): number {
    const key = `${height}x${width}`;
    let macs = this.#macsBySize.get(key);
    macs ??= countMacs(this.#graph, { height, width }).macs;
    this.#macsBySize.set(key, macs);
    return macs * tiles;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #run(pixelValues: Float32Array, height: number, width: number): Promise<GatedLogits> {
    if (this.#session instanceof EngineModel) {
      const { kept, ...logits } = this.#session.run(pixelValues, height, width);
      return { ...logits, gates: this.#layout && gatesOfOutputs(this.#layout, kept) };
    }
    const input = new ort.Tensor('float32', pixelValues, [1, 3, height, width]);
    const names = this.gatedLayers.map(({ name }) => name);
    const outputs = await this.#session.run({ pixel_values: input }, ['logits', ...names]);
    const { logits } = outputs;
    const [, classes, h, w] = logits?.dims ?? [];
    if (!logits || !(logits.data instanceof Float32Array) || !classes || !h || !w) {
      throw new ProblemError({
        code: 'model.output',
        subject: this.model.onnxFile,
        title: `output logits is ${logits?.type ?? 'missing'} [${logits?.dims.join(', ') ?? ''}], not float32 [1, classes, h, w]`,
        hint: 'Open a semantic segmentation model in the form that transformers exports',
      });
    }
    const gates = this.#layout && gatesOfOutputs(this.#layout, outputs);
    return { logits: logits.data, classes, height: h, width: w, gates };
  }
}
