import type { Engine } from '#core/engine/engine.ts';
import { readEmitted } from '#core/engine/emittedSegformer.ts';
import { EngineModel } from '#core/engine/engineModel.ts';
import { knownGates } from '#core/onnx/gatedLayers.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { retargetKeepRatio, setKept } from '#core/onnx/retargetKeepRatio.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { ProblemError } from '#core/problem.ts';

/** A model file that was fetched and read once: sessions of any keep ratio are made of it. */
export class FetchedModel {
  private readonly graph: OnnxModel | null;
  /** Of a group of each gate, in the order of knownGates. */
  private readonly ownKept: readonly number[];
  /** undefined: nobody asked for one yet. */
  private computed: EngineModel | null | undefined;

  /** Throws ProblemError `onnx.notOnnx`. */
  constructor(
    private readonly bytes: Uint8Array,
    readonly name: string,
  ) {
    this.graph = readGraph(bytes, name);
    this.ownKept = this.graph ? knownGates(this.graph).map(({ kept }) => kept) : [];
  }

  /**
   * The graph at a keep ratio, null for the file's own; null where only onnxruntime may understand the file. It is one
   * graph that is set anew at each call. Throws ProblemError `retarget.noGates`, `retarget.gate`.
   */
  graphAt(keepRatio: number | null): OnnxModel | null {
    const { graph, ownKept } = this;
    if (graph && keepRatio !== null) retargetKeepRatio(graph, keepRatio);
    else if (graph) knownGates(graph).forEach((gate, index) => setKept(gate, ownKept[index]!));
    return graph;
  }

  /** The file at a keep ratio. */
  bytesAt(keepRatio: number | null): Uint8Array {
    const graph = keepRatio === null ? null : this.graphAt(keepRatio);
    return graph ? writeOnnx(graph) : this.bytes;
  }

  /** The model on the studio's own kernels; null where there is no engine, and for what the kernels do not compute. */
  engineModelAt(keepRatio: number | null, engine: (() => Engine | null) | undefined): EngineModel | null {
    if (this.computed === undefined) this.computed = this.load(engine);
    const graph = this.computed && this.graphAt(keepRatio);
    return graph && this.computed!.atKept(new Map(knownGates(graph).map(({ name, kept }) => [name, kept])));
  }

  /** Gives the kernels' memory back that no session uses. */
  async release(): Promise<void> {
    await this.computed?.release();
    this.computed = null;
  }

  private load(engine: (() => Engine | null) | undefined): EngineModel | null {
    // Most models of others never need an engine.
    const emitted = engine && this.graph && readEmitted(this.graph);
    const kernels = emitted ? engine() : null;
    return emitted && kernels ? EngineModel.create(kernels, emitted, this.name) : null;
  }
}

/** The graph, to count in; a file that only onnxruntime understands still gets its chance to run. */
function readGraph(bytes: Uint8Array, name: string): OnnxModel | null {
  try {
    return readOnnx(bytes, name);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'onnx.notOnnx') throw error;
    return null;
  }
}
