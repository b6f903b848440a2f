import type { Block, Gate, SegformerGraph } from '../onnx/segformer/segformerGraph.ts';
import { rankNeurons } from './fitGate.ts';
import { ModelParts } from './modelParts.ts';
import { floatsOf, type OpenSession, type PartTensors } from './partSession.ts';
import type { CalibrationImages, CalibrationInput, Cancellation, PruneProgress } from './pruneReport.ts';
import { ReaderRefit } from './readerRefit.ts';

/** Tokens are many: so many images are enough for a least-squares fit of a reader. */
const REFIT_IMAGES = 96;
/** Of the sums that reconstruction holds at a time. */
const REFIT_BYTES = 256 * 2 ** 20;

export interface ReconstructOptions {
  /** Unpruned. */
  readonly graph: SegformerGraph;
  readonly images: CalibrationImages;
  readonly open: OpenSession;
  readonly onProgress: (progress: PruneProgress) => void;
  readonly signal?: Cancellation;
}

/** Readers of gated Mix-FFNs fitted to what all neurons would have said, as many at a time as memory allows. */
export async function reconstructReaders(
  options: ReconstructOptions,
  student: SegformerGraph,
): Promise<SegformerGraph> {
  const { images, onProgress, signal } = options;
  const count = Math.min(REFIT_IMAGES, images.count);
  const gated = student.stages.flatMap(({ blocks }, stage) =>
    blocks.flatMap(({ ffn }, block) => (ffn.gate?.means ? [{ stage, block, ffn, gate: ffn.gate }] : [])),
  );
  const readers = new Map<string, Block['ffn']>();
  const rounds = packed(gated, ({ gate }) => ReaderRefit.bytesFor(gate.means!.length));
  for (const [round, layers] of rounds.entries()) {
    const refits = new Map(
      layers.map((layer) => [
        `${layer.stage}.${layer.block}`,
        { ...layer, refit: new ReaderRefit(layer.gate.means!) },
      ]),
    );
    const last = layers.at(-1)!;
    // The teacher's own activations: the student's differ by what is being made up for.
    const parts = await ModelParts.open(options.graph, options.open, (stage, block) =>
      refits.has(`${stage}.${block}`) ? { statistics: true, gram: true } : {},
    );
    try {
      for (let i = 0; i < count; i++) {
        signal?.throwIfAborted();
        onProgress({ phase: 'reconstruction', done: round * count + i, total: rounds.length * count });
        await watchUpTo(parts, last, await images.load(i), (place, outputs) => {
          const found = refits.get(`${place.stage}.${place.block}`);
          if (!found) return;
          const kept = keptBy(found.gate, floatsOf(outputs, 'ffnSummary'));
          found.refit.add(floatsOf(outputs, 'activationGram'), floatsOf(outputs, 'activationMean'), kept);
        });
      }
    } finally {
      await parts.release();
    }
    for (const [place, { refit, ffn }] of refits) readers.set(place, refit.apply(ffn));
  }
  return {
    ...student,
    stages: student.stages.map((stage, s) => ({
      ...stage,
      blocks: stage.blocks.map((block, b) => ({ ...block, ffn: readers.get(`${s}.${b}`) ?? block.ffn })),
    })),
  };
}

/** Runs the model until `last` is behind. */
async function watchUpTo(
  parts: ModelParts,
  last: { readonly stage: number; readonly block: number },
  image: CalibrationInput,
  watch: (place: { stage: number; block: number }, outputs: PartTensors) => void,
): Promise<void> {
  let position = await parts.begin(image);
  const isBehind = () =>
    position.stage > last.stage || (position.stage === last.stage && position.block > last.block);
  while (!isBehind()) position = await parts.step(position, watch);
}

/** 1 for each neuron that the gate keeps. */
function keptBy(gate: Gate, summary: Float32Array): Uint8Array {
  const order = rankNeurons(gate, summary);
  const width = order.length / gate.groups;
  const kept = new Uint8Array(order.length);
  order.forEach((neuron, at) => {
    if (at % width < gate.kept) kept[neuron] = 1;
  });
  return kept;
}

/** In order, as many together as fit; one that is too large alone goes alone. */
function packed<T>(items: readonly T[], bytes: (item: T) => number): T[][] {
  const rounds: T[][] = [];
  let used = Infinity;
  for (const item of items) {
    if (used + bytes(item) > REFIT_BYTES) {
      rounds.push([]);
      used = 0;
    }
    rounds.at(-1)!.push(item);
    used += bytes(item);
  }
  return rounds;
}
