import type { Block, SegformerGraph } from '../onnx/segformer/segformerGraph.ts';

import { blockGraph, entryGraph, headGraph, transitionGraph } from './calibrationGraphs.ts';
import type { BlockOutputs } from './partWriter.ts';
import type { CalibrationInput } from './pruneReport.ts';
import {
  tensorOf,
  type OpenSession,
  type PartSession,
  type PartTensor,
  type PartTensors,
} from './partSession.ts';

/** Where a run of the model is: before a block, with what the head will need of the stages behind. */
export interface Position {
  readonly stage: number;
  /** Of the stage; as many as it has: at its end. */
  readonly block: number;
  readonly tokens: PartTensor;
  readonly grid: PartTensor;
  readonly features: readonly PartTensor[];
  readonly grids: readonly PartTensor[];
}

/** Sees a block's outputs as it runs. */
export type Watch = (place: { stage: number; block: number }, outputs: PartTensors, before: Position) => void;

/** A SegFormer's parts as sessions, so that it can be run from any block on, with another block in one's place. */
export class ModelParts {
  readonly #open: OpenSession;
  readonly #entry: PartSession;
  readonly #transitions: readonly PartSession[];
  readonly #head: PartSession;
  readonly #blocks: readonly (readonly PartSession[])[];

  private constructor(
    open: OpenSession,
    parts: { entry: PartSession; transitions: PartSession[]; head: PartSession; blocks: PartSession[][] },
  ) {
    this.#open = open;
    this.#entry = parts.entry;
    this.#transitions = parts.transitions;
    this.#head = parts.head;
    this.#blocks = parts.blocks;
  }

  /** @param outputs what the blocks of each place hand out besides their tokens */
  static async open(
    graph: SegformerGraph,
    open: OpenSession,
    outputs: (stage: number, block: number) => BlockOutputs = () => ({}),
  ): Promise<ModelParts> {
    const transitions: PartSession[] = [];
    const blocks: PartSession[][] = [];
    for (const [s, stage] of graph.stages.entries()) {
      transitions.push(await open(transitionGraph(graph, s)));
      const sessions: PartSession[] = [];
      for (const [b, block] of stage.blocks.entries())
        sessions.push(await open(blockGraph(block, outputs(s, b))));
      blocks.push(sessions);
    }
    const entry = await open(entryGraph(graph));
    const head = await open(headGraph(graph));
    return new ModelParts(open, { entry, transitions, head, blocks });
  }

  async release(): Promise<void> {
    const all = [this.#entry, this.#head, ...this.#transitions, ...this.#blocks.flat()];
    for (const session of all) await session.release();
  }

  async begin({ pixelValues, height, width }: CalibrationInput): Promise<Position> {
    const out = await this.#entry.run({ pixels: { dims: [1, 3, height, width], data: pixelValues } });
    const [tokens, grid] = [tensorOf(out, 'tokens'), tensorOf(out, 'grid')];
    return { stage: 0, block: 0, tokens, grid, features: [], grids: [] };
  }

  /** Runs one block; `other` in place of the model's own. */
  async step(position: Position, watch?: Watch, other?: PartSession): Promise<Position> {
    const { stage, block, tokens, grid } = position;
    const session = other ?? this.#blocks[stage]![block]!;
    const outputs = await session.run({ tokens, grid });
    watch?.({ stage, block }, outputs, position);
    const next = { ...position, block: block + 1, tokens: tensorOf(outputs, 'nextTokens') };
    return next.block < this.#blocks[stage]!.length ? next : this.#cross(next);
  }

  /** From the end of a stage to the next, or to the head. */
  async #cross({ stage, tokens, grid, features, grids }: Position): Promise<Position> {
    const out = await this.#transitions[stage]!.run({ tokens, grid });
    const behind = { features: [...features, tensorOf(out, 'features')], grids: [...grids, grid] };
    const last = stage + 1 === this.#transitions.length;
    if (last) return { stage: stage + 1, block: 0, tokens, grid, ...behind };
    return {
      stage: stage + 1,
      block: 0,
      tokens: tensorOf(out, 'nextTokens'),
      grid: tensorOf(out, 'nextGrid'),
      ...behind,
    };
  }

  /** Runs what is left of the model: logits [classes, tokens of the first stage]. */
  async finish(position: Position, watch?: Watch): Promise<PartTensor> {
    let at = position;
    while (at.stage < this.#transitions.length) at = await this.step(at, watch);
    const feeds = Object.fromEntries(
      at.features.flatMap((features, s) => [
        [`features.${s}`, features],
        [`grid.${s}`, at.grids[s]!],
      ]),
    );
    return tensorOf(await this.#head.run(feeds), 'logits');
  }

  /** The logits of each start with `block` in place of the model's own at that place. */
  async logitsWith(block: Block, starts: readonly Position[]): Promise<PartTensor[]> {
    const session = await this.#open(blockGraph(block));
    try {
      const all: PartTensor[] = [];
      for (const start of starts) all.push(await this.finish(await this.step(start, undefined, session)));
      return all;
    } finally {
      await session.release();
    }
  }
}
