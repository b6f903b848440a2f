import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Engine } from '#core/engine/engine.ts';
import { EngineModel } from '#core/engine/engineModel.ts';
import { gateLayout, type GateLayout } from '#core/gates/gateLayout.ts';
import { gatesOfOutputs, type RecordedGates } from '#core/gates/recordedGates.ts';
import type { GatedLogits } from '#core/inference/segmentGated.ts';
import { countMacs } from '#core/onnx/countMacs.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { optimisationLevel } from '#core/onnx/optimisationLevel.ts';
import { gatedLayers } from '#core/onnx/gatedLayers.ts';
import { ProblemError } from '#core/problem.ts';
import type { SegmentAnswer } from '../protocol.ts';
import type { FetchedModel } from './fetchedModel.ts';

/** The part of onnxruntime-web that both of its builds have. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;
}

export type RunCost = Pick<SegmentAnswer, 'macs' | 'parameters' | 'uncounted'>;

/** A loaded model: its session and what is known of its graph. */
export class ModelSession {
  private readonly costs = new Map<string, RunCost>();
  private finishedRuns = 0;
  /** Of the gated layers; null: none that the graph tells. */
  private readonly layout: GateLayout | null;

  private constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession | EngineModel,
    private readonly file: FetchedModel,
    private readonly keepRatio: number | null,
  ) {
    this.layout = layoutOf(file.graphAt(keepRatio));
  }

  private get name(): string {
    return this.file.name;
  }

  /**
   * Makes a session of a model file, at another keep ratio than the file's where one is given. What the studio's own
   * kernels can compute, they do, where there is an `engine`; all else does onnxruntime.
   * Throws ProblemError where it is no model that can run so.
   */
  static async create(
    runtime: OnnxRuntime,
    provider: 'wasm' | 'webgpu',
    { file, keepRatio }: { readonly file: FetchedModel; readonly keepRatio: number | null },
    engine?: () => Engine | null,
  ): Promise<ModelSession> {
    const computed = file.engineModelAt(keepRatio, engine);
    if (computed) return new ModelSession(runtime, computed, file, keepRatio);
    const bytes = file.bytesAt(keepRatio);
    try {
      const session = await runtime.InferenceSession.create(bytes, {
        executionProviders: [provider],
        graphOptimizationLevel: provider === 'wasm' ? optimisationLevel(file.graphAt(keepRatio)) : 'all',
      });
      return new ModelSession(runtime, session, file, keepRatio);
    } catch (error) {
      throw new ProblemError(
        {
          code: 'model.no-session',
          title: `onnxruntime cannot load it on ${provider === 'wasm' ? 'WASM' : 'WebGPU'}`,
          subject: file.name,
          detail: messageOf(error),
        },
        { cause: error },
      );
    }
  }

  /** How many runs there were. */
  get runs(): number {
    return this.finishedRuns;
  }

  /** pixelValues: float32 [1, 3, height, width]. */
  async run(pixelValues: Float32Array, height: number, width: number): Promise<GatedLogits> {
    if (this.session instanceof EngineModel) {
      const { kept, ...logits } = this.session.run(pixelValues, height, width);
      this.finishedRuns += 1;
      return { ...logits, gates: this.layout && gatesOfOutputs(this.layout, kept) };
    }
    const inputName = this.session.inputNames[0];
    const outputName = this.session.outputNames.includes('logits') ? 'logits' : this.session.outputNames[0];
    if (inputName === undefined || outputName === undefined) {
      throw new ProblemError({
        code: 'model.no-io',
        title: 'the model has no input or no output',
        subject: this.name,
      });
    }
    const input = new this.runtime.Tensor('float32', pixelValues, [1, 3, height, width]);
    let output: Tensor | undefined;
    let gates: RecordedGates | null = null;
    const { layout } = this;
    try {
      const wanted = [outputName, ...(layout?.layers.map(({ name }) => name) ?? [])];
      const outputs = await this.session.run({ [inputName]: input }, wanted);
      output = outputs[outputName];
      gates = layout && gatesOfOutputs(layout, outputs);
      this.finishedRuns += 1;
    } catch (error) {
      throw new ProblemError(
        {
          code: 'model.run-failed',
          title: `the model failed on an input of ${width} x ${height} pixels`,
          subject: this.name,
          detail: messageOf(error),
        },
        { cause: error },
      );
    }
    const [batch, classes, rows, columns] = output?.dims ?? [];
    if (output?.dims.length !== 4 || batch !== 1 || !classes || !rows || !columns) {
      throw new ProblemError({
        code: 'model.no-logits',
        title: `output ${outputName} has the shape [${output?.dims.join(', ') ?? ''}], not [1, classes, height, width]`,
        subject: this.name,
        hint: 'It is not a semantic-segmentation model that the studio can run',
      });
    }
    const data = await output.getData();
    output.dispose();
    if (!(data instanceof Float32Array)) {
      throw new ProblemError({
        code: 'model.no-logits',
        title: `output ${outputName} is ${output.type}, not float32`,
        subject: this.name,
        hint: 'Export the model with float32 outputs',
      });
    }
    return { logits: data, classes, height: rows, width: columns, gates };
  }

  /** What one run at that input size costs. */
  costAt(height: number, width: number): RunCost {
    const key = `${height}x${width}`;
    const known = this.costs.get(key);
    if (known) return known;
    let cost: RunCost = { macs: null, parameters: null, uncounted: [] };
    try {
      const graph = this.file.graphAt(this.keepRatio);
      if (graph) {
        const { macs, params, uncounted } = countMacs(graph, { height, width });
        cost = { macs, parameters: params, uncounted };
      }
    } catch {
      // A foreign graph may have what the counter does not know: it runs all the same, without this figure.
    }
    this.costs.set(key, cost);
    return cost;
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

function layoutOf(graph: OnnxModel | null): GateLayout | null {
  const layers = graph ? gatedLayers(graph) : [];
  return layers.length === 0 ? null : gateLayout(layers);
}

/** Fetches a model file. Throws ProblemError `model.unreadable`. */
export async function fetchModel(url: string, name: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new ProblemError({
      code: 'model.unreadable',
      title: 'the model file cannot be read',
      subject: name,
      detail: await response.text(),
    });
  }
  return new Uint8Array(await response.arrayBuffer());
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
