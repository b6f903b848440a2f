import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import type { Logits } from '#core/imaging/postprocess.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { segment, type Segmentation } from '#core/inference/segment.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { countMacs } from '#core/onnx/countMacs.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { ProblemError } from '#core/problem.ts';

/**
 * A model that runs in this process, by the same WebAssembly kernels as in the window: the class maps of
 * both are the same to the last pixel.
 */
export class NodeSession {
  readonly model: ModelInfo;
  readonly #session: ort.InferenceSession;
  readonly #graph: OnnxModel;
  readonly #macsBySize = new Map<string, number>();

  private constructor(model: ModelInfo, session: ort.InferenceSession, graph: OnnxModel) {
    this.model = model;
    this.#session = session;
    this.#graph = graph;
  }

  /** `threads`: of the first session, for the whole process (the WebAssembly heap is shared). */
  static async create(model: ModelInfo, options: { threads?: number } = {}): Promise<NodeSession> {
    ort.env.wasm.numThreads ??= options.threads ?? Math.min(8, availableParallelism());
    const bytes = await readFile(model.onnxFile);
    const graph = readOnnx(bytes, model.onnxFile);
    try {
      const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
      return new NodeSession(model, session, graph);
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

  segment(image: RgbaImage): Promise<Segmentation> {
    return segment(image, {
      preprocessor: this.model.preprocessor,
      now: () => performance.now(),
      runSession: (pixelValues, height, width) => this.#run(pixelValues, height, width),
    });
  }

  /** Multiply-adds of one run at an input size. */
  macs(height: number, width: number): number {
    const key = `${height}x${width}`;
    const known = this.#macsBySize.get(key);
    if (known !== undefined) return known;
    const { macs } = countMacs(this.#graph, { height, width });
    this.#macsBySize.set(key, macs);
    return macs;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #run(pixelValues: Float32Array, height: number, width: number): Promise<Logits> {
    const input = new ort.Tensor('float32', pixelValues, [1, 3, height, width]);
    const outputs = await this.#session.run({ pixel_values: input }, ['logits']);
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
    return { logits: logits.data, classes, height: h, width: w };
  }
}
