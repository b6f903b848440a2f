import type { Engine } from '#core/engine/engine.ts';
import { readEmitted } from '#core/engine/emittedSegformer.ts';
import { EngineModel } from '#core/engine/engineModel.ts';
import { findGates } from '#core/onnx/findGates.ts';
import { knownGates } from '#core/onnx/gatedLayers.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { keptAt, setKept } from '#core/onnx/retargetKeepRatio.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { ProblemError } from '#core/problem.ts';

/** A model file that was fetched and read once: sessions of any keep ratio are made of it. */
export class ModelFile {
  private readonly graph: OnnxModel | null;
  /** Of a group of each gate, in the order of findGates. */
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
    if (this.graph) this.keptAt(keepRatio).forEach(({ gate, kept }) => setKept(gate, kept));
    return this.graph;
  }

  /** The file at a keep ratio. */
  bytesAt(keepRatio: number | null): Uint8Array {
    const graph = keepRatio === null ? null : this.graphAt(keepRatio);
    return graph ? writeOnnx(graph) : this.bytes;
  }

  /** The model on the studio's own kernels; null where there is no engine, and for what the kernels do not compute. */
  engineModelAt(keepRatio: number | null, engine: (() => Engine | null) | undefined): EngineModel | null {
    if (this.computed === undefined) this.computed = this.load(engine);
    const kept = this.computed && this.keptAt(keepRatio).map(({ gate, kept }) => [gate.name, kept] as const);
    return kept && this.computed!.atKept(new Map(kept));
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

  private keptAt(keepRatio: number | null) {
    if (!this.graph || (keepRatio === null && this.ownKept.length === 0)) return [];
    const gates = findGates(this.graph);
    if (gates.length === 0) {
      throw new ProblemError({
        code: 'retarget.noGates',
        subject: this.name,
        title: 'it has no gates, so there is no keep ratio to set',
        hint: 'Choose a student of this studio, or prune a model to get one',
      });
    }
    return gates.map((gate, index) => ({
      gate,
      kept: keepRatio === null ? this.ownKept[index]! : keptAt(gate, keepRatio),
    }));
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
