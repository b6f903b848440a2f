import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { cutStudent } from '#core/gates/cutStudent.ts';
import type { CutStudent } from '#core/gates/cutReport.ts';
import { EquivalenceTally } from '#core/gates/equivalence.ts';
import { featureErrors, type FeatureErrors } from '#core/gates/featureErrors.ts';
import { gateLayout } from '#core/gates/gateLayout.ts';
import { statisticsOf } from '#core/gates/gateStatistics.ts';
import { gatesOfOutputs } from '#core/gates/recordedGates.ts';
import { preparationKey, prepareInput, type PreparedInput } from '#core/inference/prepareInput.ts';
import { segmentPrepared } from '#core/inference/segment.ts';
import { countMacs } from '#core/onnx/countMacs.ts';
import { exposeScores } from '#core/onnx/exposeScores.ts';
import { gatedLayers } from '#core/onnx/gatedLayers.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { overrideGates } from '#core/onnx/overrideGates.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { retargetKeepRatio } from '#core/onnx/retargetKeepRatio.ts';
import { emitSegformer } from '#core/onnx/segformer/emitSegformer.ts';
import { optimiseModel } from '#core/onnx/segformer/optimiseModel.ts';
import { recogniseSegformer } from '#core/onnx/segformer/recogniseSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { ProblemError, toProblem } from '#core/problem.ts';
import type {
  CutJob,
  FeaturesJob,
  LabAnswers,
  LabImage,
  LabJob,
  LabModel,
  LabRequest,
  LabResponse,
  OverrideAnswer,
  OverrideJob,
} from '../gatesProtocol.ts';
import { decodeImage } from './decodeImage.ts';
import { fetchFile } from './fetchFile.ts';
import { FetchedModel } from './fetchedModel.ts';
import { fetchModel, ModelSession } from './modelSession.ts';

/** Students taken apart: a worker of its own, so that forcing a gate never stands behind the folder's images. */
const scope = self as unknown as {
  postMessage(message: LabResponse, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<LabRequest>) => void): void;
};

const RUNTIME = { InferenceSession, Tensor };
/** The file asked for last: every override begins with it. */
let held: { readonly url: string; readonly bytes: Uint8Array } | null = null;
let picture: { readonly key: string; readonly input: PreparedInput } | null = null;

async function fileOf(url: string, name: string): Promise<Uint8Array> {
  if (held?.url !== url) held = { url, bytes: await fetchModel(url, name) };
  return held.bytes;
}

async function inputOf(
  { url, name }: LabImage,
  { preprocessor, settings }: LabModel,
): Promise<PreparedInput> {
  const { sizing } = settings;
  const key = `${url} ${preparationKey(preprocessor, sizing)}`;
  if (picture?.key === key) return picture.input;
  const image = await decodeImage(await fetchFile(url, 'image.unreadable', name), name);
  const input = prepareInput(image, { preprocessor, sizing, now: () => performance.now() });
  picture = { key, input };
  return input;
}

async function graphOf({ url, name, settings }: LabModel): Promise<OnnxModel> {
  const graph = readOnnx(await fileOf(url, name), name);
  if (settings.keepRatio !== null) retargetKeepRatio(graph, settings.keepRatio);
  return graph;
}

async function runGraph(graph: OnnxModel, input: PreparedInput) {
  const [tile, ...others] = input.plan.tiles;
  if (!tile || others.length > 0) {
    throw new ProblemError({
      code: 'gates.tiles',
      title: 'gates are looked at in pictures of one piece',
      hint: 'Choose another input than tiles for the student',
    });
  }
  const session = await InferenceSession.create(writeOnnx(graph), { executionProviders: ['wasm'] });
  try {
    const pixels = new Tensor('float32', input.pixelValues(tile), [1, 3, tile.height, tile.width]);
    return { tile, outputs: await session.run({ [session.inputNames[0]!]: pixels }) };
  } finally {
    await session.release();
  }
}

async function override({ model, image, overrides }: OverrideJob): Promise<OverrideAnswer> {
  const input = await inputOf(image, model);
  const graph = await graphOf(model);
  const layout = gateLayout(gatedLayers(graph));
  const names = exposeScores(graph);
  overrideGates(graph, overrides);
  const { outputs, tile } = await runGraph(graph, input);
  const scores = new Float32Array(layout.neurons);
  layout.layers.forEach(({ name }, index) => {
    scores.set(outputs[names.get(name)!]!.data as Float32Array, layout.starts[index]);
  });
  const logits = outputs.logits ?? Object.values(outputs)[0]!;
  const [, classes = 0, height = 0, width = 0] = logits.dims;
  const said = { logits: logits.data as Float32Array, classes, height, width };
  const { classMap } = await segmentPrepared(input, {
    runSession: () => Promise.resolve(said),
    now: () => performance.now(),
  });
  const gates = gatesOfOutputs(layout, outputs);
  return { classMap, gates, scores, macs: macsOf(graph, tile) };
}

function macsOf(graph: OnnxModel, { height, width }: { height: number; width: number }): number | null {
  try {
    return countMacs(graph, { height, width }).macs;
  } catch {
    return null;
  }
}

async function features({ teacher, student, image }: FeaturesJob): Promise<FeatureErrors[]> {
  const stagesOf = async (model: LabModel) => {
    const graph = readOnnx(await fileOf(model.originalUrl, model.name), model.name);
    const recognition = recogniseSegformer(graph);
    if (!recognition.recognised) {
      throw new ProblemError({
        code: 'gates.notSegformer',
        subject: model.name,
        title: `its stages cannot be told apart: ${recognition.where} is not ${recognition.expected}`,
      });
    }
    const emitted = emitSegformer(recognition.graph, { backend: 'wasm', exposeStages: true });
    if (model.settings.keepRatio !== null) retargetKeepRatio(emitted, model.settings.keepRatio);
    const { outputs } = await runGraph(emitted, await inputOf(image, model));
    return recognition.graph.stages.map((_, stage) => outputs[`stage.${stage}`]!);
  };
  const [wanted, found] = [await stagesOf(teacher), await stagesOf(student)];
  return wanted.map((stage, s) => {
    const other = found[s];
    if (other?.dims.join() !== stage.dims.join()) {
      throw new ProblemError({
        code: 'gates.stages',
        title: `stage ${s + 1} is [${stage.dims.join(', ')}] in ${teacher.name} and [${other?.dims.join(', ') ?? 'missing'}] in ${student.name}`,
        hint: 'Stages are compared of models of one architecture at one input size',
      });
    }
    return featureErrors(stage.data as Float32Array, other.data as Float32Array, stage.dims);
  });
}

async function cut(job: CutJob, onProgress: (done: number, total: number) => void): Promise<CutStudent> {
  const { model, layers, bits, images } = job;
  const { keepRatio } = model.settings;
  const file = readOnnx(await fileOf(model.originalUrl, model.name), model.name);
  const statistics = statisticsOf(gateLayout(layers), bits);
  const { report, ...made } = cutStudent({ model: file, bytes: job.bytes, statistics, keepRatio });
  const form = optimiseModel(readOnnx(made.onnx, model.name), 'wasm');
  const open = (bytes: Uint8Array, ratio: number | null) =>
    ModelSession.create(RUNTIME, 'wasm', { file: new FetchedModel(bytes, model.name), keepRatio: ratio });
  const sessions = [
    await open(await fileOf(model.url, model.name), keepRatio),
    await open(form.optimised ? form.bytes : made.onnx, null),
  ] as const;
  const tally = new EquivalenceTally();
  for (const [index, image] of images.entries()) {
    onProgress(index, images.length);
    const input = await inputOf(image, model);
    const [before, after] = [await segment(sessions[0], input), await segment(sessions[1], input)];
    tally.add(before, after);
  }
  for (const session of sessions) await session.release();
  return { ...made, report: { ...report, equivalence: tally.result } };
}

const segment = (session: ModelSession, input: PreparedInput) =>
  segmentPrepared(input, {
    runSession: (pixels, height, width) => session.run(pixels, height, width),
    now: () => performance.now(),
  });

function answer(id: number, job: LabJob): Promise<LabAnswers[keyof LabAnswers]> {
  switch (job.kind) {
    case 'override':
      return override(job);
    case 'features':
      return features(job);
    case 'cut':
      return cut(job, (done, total) => scope.postMessage({ type: 'progress', id, done, total }));
  }
}

let tail: Promise<void> = Promise.resolve();
scope.addEventListener('message', ({ data }) => {
  if (data.type === 'setup') {
    env.wasm.wasmPaths = data.runtimeUrl;
    env.wasm.numThreads = data.threads;
    env.logLevel = 'error';
    return;
  }
  const { id, job } = data;
  tail = tail.then(() =>
    answer(id, job).then(
      (given) => scope.postMessage({ type: 'done', id, answer: given }),
      (error: unknown) =>
        scope.postMessage({ type: 'failed', id, problem: toProblem(error, { code: 'gates.failed' }) }),
    ),
  );
});
