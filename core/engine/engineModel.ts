import type { Logits } from '../imaging/postprocess.ts';
import { ProblemError } from '../problem.ts';
import type { Engine } from './engine.ts';
import type { EmittedSegformer } from './emittedSegformer.ts';
import { loadSegformer, type LoadedSegformer } from './loadSegformer.ts';
import { planSegformer, type SegformerPlan } from './planSegformer.ts';
import { withKept } from './withKept.ts';

/** What a run gives. */
export interface EngineResult extends Logits {
  /** By the name of a gate: the indices of the neurons that it kept, ascending. */
  readonly kept: Readonly<Record<string, { readonly data: BigInt64Array }>>;
}

/** Weights in the engine's memory, of models that differ in their keep ratio. */
interface SharedWeights {
  users: number;
  release(): void;
}

/** A SegFormer that the engine computes. */
export class EngineModel {
  private plan: { readonly key: string; readonly plan: SegformerPlan | null } | null = null;

  private constructor(
    private readonly engine: Engine,
    private readonly loaded: LoadedSegformer,
    private readonly subject: string,
    private readonly weights: SharedWeights,
  ) {
    weights.users += 1;
  }

  /** `subject`: what messages call it. Null for models that the kernels cannot take: see loadSegformer. */
  static create(engine: Engine, model: EmittedSegformer, subject: string): EngineModel | null {
    const loaded = loadSegformer(engine.memory, model);
    return loaded && new EngineModel(engine, loaded, subject, { users: 0, release: () => loaded.release() });
  }

  /** The same weights with other numbers of kept neurons, of a group, by the name of the gate. Is released by itself. */
  atKept(kept: ReadonlyMap<string, number>): EngineModel {
    return new EngineModel(this.engine, withKept(this.loaded, kept), this.subject, this.weights);
  }

  /** pixelValues: float32 [1, 3, height, width]. Throws ProblemError `engine.input`, `engine.memory`. */
  run(pixelValues: Float32Array, height: number, width: number): EngineResult {
    const { memory } = this.engine;
    const plan = this.planFor(height, width);
    if (!plan) {
      throw new ProblemError({
        code: 'engine.input',
        title: `an input of ${width} x ${height} pixels is too small for the model`,
        subject: this.subject,
        hint: 'Feed it at least 32 x 32 pixels',
      });
    }
    memory.floats(plan.input, pixelValues.length).set(pixelValues);
    this.engine.run(plan);
    const { classes } = this.loaded.head;
    const { rows, columns } = plan;
    const kept = plan.lists.map(({ name, at, entries }) => {
      const indices = memory.ints(at, entries).filter((index) => index >= 0);
      return [name, { data: BigInt64Array.from(indices, BigInt) }] as const;
    });
    return {
      logits: memory.floats(plan.logits, classes * rows * columns).slice(),
      classes,
      height: rows,
      width: columns,
      kept: Object.fromEntries(kept),
    };
  }

  release(): Promise<void> {
    this.weights.users -= 1;
    if (this.weights.users === 0) this.weights.release();
    return Promise.resolve();
  }

  private planFor(height: number, width: number): SegformerPlan | null {
    const { engine, loaded } = this;
    const measured = this.plan?.key.startsWith(`${height}x${width}@`) ? this.plan.plan : null;
    const bytes = (measured ?? planSegformer(loaded, { height, width }, 0))?.bytes ?? 0;
    if (bytes === 0) return null;
    const at = this.place(bytes, height, width);
    const key = `${height}x${width}@${at}`;
    if (this.plan?.key !== key) this.plan = { key, plan: planSegformer(loaded, { height, width }, at) };
    const { plan } = this.plan;
    // Another model's run may have written over them.
    if (plan) {
      engine.memory.ints(plan.stepsAt, plan.steps.length).set(plan.steps);
      for (const { at: table, values } of plan.tables) {
        if (values instanceof Float32Array) engine.memory.floats(table, values.length).set(values);
        else engine.memory.ints(table, values.length).set(values);
      }
    }
    return plan;
  }

  private place(bytes: number, height: number, width: number): number {
    try {
      return this.engine.place(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ProblemError(
        {
          code: 'engine.memory',
          title: `an input of ${width} x ${height} pixels needs ${Math.ceil(bytes / 2 ** 20)} MB, more than there is for models`,
          subject: this.subject,
          hint: 'Choose tiles or a smaller input for this model',
        },
        { cause: error },
      );
    }
  }
}
