import { countMacs } from '../onnx/countMacs.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { layerName } from '../onnx/segformer/cutNeurons.ts';
import { emitSegformer } from '../onnx/segformer/emitSegformer.ts';
import { recogniseSegformer } from '../onnx/segformer/recogniseSegformer.ts';
import { gatesOf, type SegformerGraph } from '../onnx/segformer/segformerGraph.ts';
import { writeOnnx } from '../onnx/writeOnnx.ts';
import { ProblemError } from '../problem.ts';
import { largestSaving } from './allocateBudget.ts';
import { agreementShare } from './divergence.ts';
import { dynamicStudent } from './dynamicStudent.ts';
import type { OpenSession } from './partSession.ts';
import { pruneCost, type PruneCost } from './pruneCost.ts';
import type {
  CalibrationImages,
  Cancellation,
  PrunedModel,
  PruneMethod,
  PruneProgress,
  PruneReport,
} from './pruneReport.ts';
import { firstImages, runOnImages } from './runOnImages.ts';
import { staticStudent, uniformKept } from './staticStudent.ts';

/** The student and its teacher are compared on so many images at the end. */
const CHECK_IMAGES = 8;

/**
 * What is right on every runtime and can be read again: the studio makes the forms that are fastest of it itself.
 * Merged projections would hide the neurons.
 */
const PORTABLE = { backend: 'webgpu', rewrites: { mergeProjections: false } } as const;

export interface PruneOptions {
  /** Any exporter's SegFormer. */
  readonly model: OnnxModel;
  readonly images: CalibrationImages;
  /** Share of the unpruned model's multiply-adds to keep, above 0, at most 1. */
  readonly budget: number;
  readonly method: PruneMethod;
  readonly open: OpenSession;
  readonly onProgress?: (progress: PruneProgress) => void;
  readonly signal?: Cancellation;
}

/** Throws ProblemError `prune.badBudget` for what is not a share. */
export function checkBudget(budget: number): void {
  if (budget > 0 && budget <= 1) return;
  throw new ProblemError({
    code: 'prune.badBudget',
    title: `the budget ${budget} is not above 0 and at most 1`,
    hint: 'It is the share of the multiply-adds to keep: 0.6 keeps 60%',
  });
}

/**
 * Makes a student of a SegFormer, without training: `dynamic` with gates that choose neurons for each image (see
 * dynamicStudent), `static` by weight magnitude (see staticStudent).
 *
 * The budget is a share of the multiply-adds of the whole model, encoder and head, its head folded, at the size that
 * the first image is fed at; matrix products and convolutions count, attention included (see countMacs). Gates count.
 *
 * @throws ProblemError `prune.badBudget`, `prune.noImages`, `prune.notSegformer` (where it differs), `prune.student`
 *   (it has gates already), `prune.unreachable` (with the smallest budget that can be reached); what reading a damaged
 *   graph throws, and what `signal` throws
 */
export async function pruneSegformer(options: PruneOptions): Promise<PrunedModel> {
  const { model, images, budget, method, open, onProgress = () => undefined, signal } = options;
  checkBudget(budget);
  if (images.count === 0) {
    throw new ProblemError({
      code: 'prune.noImages',
      title: 'there is no image to calibrate on',
      hint: 'Give some hundred images of the kind that the student will see; labels are not needed',
    });
  }
  const graph = readTeacher(model);
  const first = await images.load(0);
  const cost = pruneCost(graph, first);
  const target = budget * cost.total;
  checkReachable(cost, budget, model.subject);

  const made =
    budget === 1
      ? { graph, kept: cost.layers.map(({ width }) => width), sensitivities: null, unexplained: null }
      : method === 'static'
        ? makeStatic(graph, cost, target)
        : await dynamicStudent({ graph, cost, target, images, open, onProgress, signal });
  const student = emitSegformer(made.graph, PORTABLE);
  const onnx = writeOnnx(student);
  const { macs, params } = countMacs(student, first);
  const check = await compare({ ...options, onProgress }, graph, onnx);
  const report: PruneReport = {
    method,
    budget,
    height: first.height,
    width: first.width,
    fullMacs: cost.total,
    macs,
    images: method === 'static' ? 0 : images.count,
    ...check,
    layers: cost.layers.map((layer, l) => ({
      stage: layer.stage,
      block: layer.block,
      kind: layer.kind,
      name: layerName(layer.stage, layer.block, layer.kind),
      neurons: layer.groups * layer.width,
      groups: layer.groups,
      kept: layer.groups * made.kept[l]!,
      sensitivity: made.sensitivities?.[l] ?? null,
      unexplained: (made.kept[l]! < layer.width ? made.unexplained?.[l] : null) ?? null,
    })),
  };
  return { onnx, parameters: params, report };
}

function makeStatic(graph: SegformerGraph, cost: PruneCost, target: number) {
  const kept = uniformKept(cost, target);
  return { graph: staticStudent(graph, cost, kept), kept, sensitivities: null, unexplained: null };
}

function readTeacher(model: OnnxModel): SegformerGraph {
  const recognition = recogniseSegformer(model);
  if (!recognition.recognised) {
    const { where, expected, found } = recognition;
    throw new ProblemError({
      code: 'prune.notSegformer',
      subject: model.subject,
      title: `it is not a SegFormer that can be pruned: ${where} is not ${expected}`,
      detail: `Found ${found}`,
      hint: 'Choose a SegFormer as transformers, optimum or torch.onnx export it',
    });
  }
  if (gatesOf(recognition.graph).length > 0) {
    throw new ProblemError({
      code: 'prune.student',
      subject: model.subject,
      title: `it is a student already: it has ${gatesOf(recognition.graph).length} gates`,
      hint: 'Prune its teacher',
    });
  }
  return recognition.graph;
}

/** A few neurons of each group stay. */
function checkReachable({ total, layers }: PruneCost, budget: number, subject: string): void {
  const saving = largestSaving(
    layers.map(({ width, price, least }) => ({ losses: new Uint8Array(width + 1), price, least })),
  );
  const smallest = (total - saving) / total;
  if (budget >= smallest) return;
  const shown = Math.ceil(smallest * 100) / 100;
  throw new ProblemError({
    code: 'prune.unreachable',
    subject,
    title: `a budget of ${budget} cannot be reached: ${shown} is the smallest`,
    detail: 'Patch embeddings, the reduction of keys and values, and the head are not pruned',
    hint: `Ask for ${shown} or more`,
  });
}

/** How often the student names the class that its teacher names. */
async function compare(
  { images, open, onProgress, signal }: PruneOptions & { onProgress: (progress: PruneProgress) => void },
  teacher: SegformerGraph,
  onnx: Uint8Array<ArrayBuffer>,
): Promise<Pick<PruneReport, 'agreement' | 'checkedImages'>> {
  const inputs = await firstImages(images, CHECK_IMAGES);
  const count = inputs.length;
  const classes = teacher.head.classifier.weight.dims[0]!;
  const logitsOf = (bytes: Uint8Array<ArrayBuffer>, done: number) => {
    const onImage = (i: number) => onProgress({ phase: 'check', done: done + i, total: 2 * count });
    return runOnImages(bytes, teacher, inputs, { open, signal, onImage });
  };
  const references = await logitsOf(writeOnnx(emitSegformer(teacher, PORTABLE)), 0);
  const found = await logitsOf(onnx, count);
  const shares = references.map((reference, i) => agreementShare(reference, found[i]!, classes));
  return { agreement: shares.reduce((sum, share) => sum + share, 0) / count, checkedImages: count };
}
