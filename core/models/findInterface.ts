import { dataTypeName, dataTypes, isFloat } from '../onnx/dataType.ts';
import { declaredShape, requiredInputs, type DeclaredDim } from '../onnx/inputFacts.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import type { NodeProto, ValueInfoProto } from '../onnx/proto/onnx.generated.ts';
import { inferShapes, type GraphFacts } from '../onnx/shapes.ts';
import { ProblemError } from '../problem.ts';
import { adaptInputOnly } from './adaptGraph.ts';
import {
  MOST_CLASSES,
  type InputCandidate,
  type InputLayout,
  type ModelAnswers,
  type ModelInterface,
  type ModelMapping,
  type ModelQuestion,
  type OutputCandidate,
  type OutputLayout,
  type OutputMeaning,
} from './modelMapping.ts';

/** Height and width at which an open size is looked at; of different proportions, so that axes tell themselves apart. */
const LOOK_SIZE = { height: 128, width: 192 };

const { FLOAT, FLOAT16, DOUBLE, UINT8, INT8, INT32, INT64, UINT16, INT16, UINT32, UINT64, BOOL } = dataTypes;
const PICTURE_TYPES: readonly number[] = [FLOAT, FLOAT16, DOUBLE, UINT8, INT32, INT64];
const ID_TYPES: readonly number[] = [UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, BOOL];

interface Size {
  readonly height: number;
  readonly width: number;
}

interface InterfaceOptions {
  readonly answers: ModelAnswers;
  /** How many class names are known; null: none. */
  readonly names: number | null;
}

/**
 * What a segmentation graph takes and gives, by its structure: which input is the picture and how it lies, which
 * output says something of every place of it, and what. Answers go before what the graph says.
 *
 * @throws ProblemError `model.input` where no input can be a picture or others would have to be given too,
 *   `model.batch` for more than one picture at once, `model.channels`, `model.output` where no output can be a class
 *   map or logits or tells more classes apart than there are ids, `model.mapping` where an answer names an input or output that there is not
 */
export function findInterface(model: OnnxModel, { answers, names }: InterfaceOptions): ModelInterface {
  const questions: ModelQuestion[] = [];
  const { info, candidate } = pictureInput(model, answers);
  const told = answers.input?.layout ?? candidate.layout ?? layoutByUse(model, info.name);
  if (told === null) questions.push('inputLayout');
  const input: ModelMapping['input'] = {
    name: info.name,
    layout: told ?? 'NCHW',
    colours: answers.input?.colours ?? 'rgb',
  };
  checkPicture(model, info, input.layout);
  const { fixedSize, outputs } = lookAtOutputs(model, input, fixedSizeOf(info, input.layout));
  const output = chooseOutput(model, outputs, answers, names);
  const layout = answers.output?.layout ?? output.layout;
  const meaning = answers.output?.meaning ?? output.meaning;
  if (layout === null) questions.push('outputLayout');
  if (meaning === null) questions.push('outputMeaning');
  const binary = meaning === 'binaryLogit' || meaning === 'binaryProbability';
  const counted = binary ? 2 : meaning === 'classMap' ? (names ?? output.classes) : output.classes;
  const classes = counted ?? names;
  if (classes !== null && !(classes >= 1 && classes <= MOST_CLASSES))
    throw notSoMany(model, output.name, classes);
  if (classes === null) questions.push('classCount');
  const guess: ModelMapping = {
    input,
    output: { name: output.name, layout: layout ?? 'NCHW', meaning: meaning ?? 'logits' },
    classes: classes ?? 2,
  };
  const inputs = requiredInputs(model).flatMap((each) => inputCandidate(each) ?? []);
  return {
    inputs: inputs.map((each) => (each.name === info.name ? { ...each, layout: told } : each)),
    outputs,
    mapping: questions.length === 0 ? guess : null,
    guess,
    questions,
    fixedSize,
  };
}

/** A few bytes of a graph can state more channels than memory has room for. */
function notSoMany({ subject }: OnnxModel, output: string, classes: number): ProblemError {
  return new ProblemError({
    code: 'model.output',
    subject,
    title: `its output ${output} tells ${classes} classes apart; 1 to ${MOST_CLASSES} can be used`,
    hint: 'Open a model for semantic segmentation',
  });
}

function inputCandidate(info: ValueInfoProto): InputCandidate | null {
  const type = info.type?.tensorType?.elemType ?? 0;
  const shape = declaredShape(info.type);
  if (!PICTURE_TYPES.includes(type)) return null;
  if (shape && shape.length !== 4 && shape.length !== 3) return null;
  return { name: info.name, type: dataTypeName(type), shape: shape ?? [], layout: layoutByShape(shape) };
}

function pictureInput(
  model: OnnxModel,
  answers: ModelAnswers,
): { info: ValueInfoProto; candidate: InputCandidate } {
  const required = requiredInputs(model);
  const asked = answers.input?.name;
  const pictures = required.flatMap((info) => {
    const candidate = inputCandidate(info);
    return candidate ? [{ info, candidate }] : [];
  });
  const found =
    asked === undefined
      ? (pictures.find(({ info }) => info.name === 'pixel_values') ??
        pictures.find(({ candidate }) => candidate.layout !== null) ??
        pictures[0])
      : pictures.find(({ info }) => info.name === asked);
  const list = required.map(describe).join(', ') || 'none';
  if (!found) {
    throw new ProblemError({
      code: asked === undefined ? 'model.input' : 'model.mapping',
      subject: model.subject,
      title:
        asked === undefined ? 'no input takes a picture' : `it has no input "${asked}" that takes a picture`,
      detail: `Its inputs: ${list}`,
      hint: 'A picture is a tensor of three or four dimensions, three of them height, width and 3 colours',
    });
  }
  const others = required.filter((info) => info !== found.info);
  if (others.length > 0) {
    throw new ProblemError({
      code: 'model.input',
      subject: model.subject,
      title: `beside the picture "${found.info.name}" it wants ${others.map(describe).join(', ')}`,
      hint: 'Export it with one input: the picture',
    });
  }
  return found;
}

function layoutByShape(shape: readonly DeclaredDim[] | undefined): InputLayout | null {
  if (shape?.length === 4) {
    if (shape[1] === 3 && shape[3] !== 3) return 'NCHW';
    return shape[3] === 3 && shape[1] !== 3 ? 'NHWC' : null;
  }
  if (shape?.length !== 3) return null;
  if (shape[0] === 3 && shape[2] !== 3) return 'CHW';
  return shape[2] === 3 && shape[0] !== 3 ? 'HWC' : null;
}

/** What a picture meets on its way without its axes moving. */
const PASSING = new Set(['Cast', 'Identity', 'Sub', 'Add', 'Mul', 'Div', 'Clip', 'Relu', 'QuantizeLinear', 'DequantizeLinear']); // prettier-ignore

/** Of an input with open sizes: convolutions take channels first, a transposition says where they were. */
function layoutByUse(model: OnnxModel, name: string): InputLayout | null {
  const nodes = model.proto.graph?.node ?? [];
  const reached = new Set([name]);
  for (const node of nodes) {
    if (!node.input.some((input) => reached.has(input))) continue;
    if (PASSING.has(node.opType)) for (const output of node.output) reached.add(output);
    if (/^(Conv|ConvInteger|QLinearConv|FusedConv)$/.test(node.opType) && reached.has(node.input[0] ?? '')) {
      return 'NCHW';
    }
    if (node.opType === 'Transpose') {
      const perm = node.attribute
        .find((attribute) => attribute.name === 'perm')
        ?.ints.map(Number)
        .join();
      if (perm === '0,3,1,2') return 'NHWC';
      if (perm === '2,0,1') return 'HWC';
    }
  }
  return null;
}

function checkPicture(model: OnnxModel, info: ValueInfoProto, layout: InputLayout): void {
  const shape = declaredShape(info.type);
  if (!shape) return;
  const rank = layout.length;
  const fail = (code: string, title: string, hint: string) =>
    new ProblemError({ code, subject: model.subject, title, hint });
  if (shape.length !== rank) {
    throw fail(
      'model.mapping',
      `its input ${describe(info)} has ${shape.length} dimensions, not the ${rank} of ${layout}`,
      'Choose a layout of as many letters',
    );
  }
  const batch = layout.startsWith('N') ? shape[0] : 1;
  if (typeof batch === 'number' && batch !== 1) {
    throw fail(
      'model.batch',
      `it takes ${batch} pictures at once`,
      'Export it with a batch of 1, or of any size',
    );
  }
  const channels = shape[layout.indexOf('C')];
  if (typeof channels === 'number' && channels !== 3) {
    throw fail(
      'model.channels',
      `its input ${describe(info)} has ${channels} channels as ${layout}, not the 3 of a colour picture`,
      'Choose another layout where that is not the axis of channels; pictures of other channels are not supported',
    );
  }
}

function fixedSizeOf(info: ValueInfoProto, layout: InputLayout): { height: number; width: number } | null {
  const shape = declaredShape(info.type);
  const height = shape?.[layout.indexOf('H')];
  const width = shape?.[layout.indexOf('W')];
  return typeof height === 'number' && typeof width === 'number' ? { height, width } : null;
}

/** The outputs that say something of a picture, at the size that the graph is fixed to, wherever it is fixed. */
function lookAtOutputs(
  model: OnnxModel,
  input: ModelMapping['input'],
  fixedSize: Size | null,
): { fixedSize: Size | null; outputs: OutputCandidate[] } {
  const size = fixedSize ?? LOOK_SIZE;
  const facts = shapesOf(model, input, size);
  const outputs = outputCandidates(model, facts, size);
  if (fixedSize || (facts && outputs.length > 0)) return { fixedSize, outputs };
  // An input declared as of any size may lead to an output of one: then one input size fits.
  for (const tried of sizesOfOutputs(model)) {
    const triedFacts = shapesOf(model, input, tried);
    const found = triedFacts ? outputCandidates(model, triedFacts, tried) : [];
    if (found.length > 0) return { fixedSize: tried, outputs: found };
  }
  return { fixedSize, outputs };
}

/** How many input pixels a position of an output stands for, the usual first. */
const OUTPUT_STRIDES = [4, 1, 8, 2, 16, 32];
const LARGEST_SIDE = 4096;

/** Input sizes that the outputs' fixed sizes would come from. */
function sizesOfOutputs(model: OnnxModel): Size[] {
  return (model.proto.graph?.output ?? []).flatMap(({ type }) => {
    const shape = declaredShape(type) ?? [];
    if (shape.length < 2 || shape.length > 4) return [];
    // Channels first, and channels last.
    return [shape.slice(-2), shape.slice(-3, -1)].flatMap(([rows, columns]) =>
      typeof rows !== 'number' || typeof columns !== 'number' || rows < 2 || columns < 2
        ? []
        : OUTPUT_STRIDES.map((stride) => ({ height: rows * stride, width: columns * stride })).filter(
            ({ height, width }) => Math.max(height, width) <= LARGEST_SIDE,
          ),
    );
  });
}

/** Shapes at a size; null where they cannot be followed: then what the file declares has to do. */
function shapesOf(
  model: OnnxModel,
  input: ModelMapping['input'],
  size: { height: number; width: number },
): GraphFacts | null {
  try {
    return inferShapes(adaptInputOnly(model, input), size);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code !== 'onnx.damaged') return null;
    throw error;
  }
}

function outputCandidates(
  model: OnnxModel,
  facts: GraphFacts | null,
  size: { height: number; width: number },
): OutputCandidate[] {
  return (model.proto.graph?.output ?? []).flatMap((info) => {
    const fact = facts?.values.get(info.name);
    const declared = declaredShape(info.type);
    const type = info.type?.tensorType?.elemType ?? fact?.type ?? 0;
    if (!isFloat(type) && !ID_TYPES.includes(type)) return [];
    const shape = fact?.shape ?? declared ?? [];
    const known = shape.length > 0;
    const layout = outputLayout(shape, size);
    // Of a known shape, what does not lie over the picture is something else.
    if (known && layout === 'none') return [];
    const channel = layout === null || layout === 'none' ? -1 : layout.indexOf('C');
    const channels = channel < 0 ? (layout === null ? null : 1) : shape[channel];
    const count = typeof channels === 'number' ? channels : null;
    const { meaning, classes } = meaningOf(model, info.name, type, count, facts);
    const found = layout === 'none' ? null : layout;
    return [
      {
        name: info.name,
        type: dataTypeName(type),
        shape: [...(declared ?? shape)],
        layout: found,
        meaning,
        classes,
      },
    ];
  });
}

/** How an output lies over a picture of that size; null: it may or may not, none: it does not. */
function outputLayout(
  shape: readonly DeclaredDim[],
  { height, width }: { height: number; width: number },
): OutputLayout | null | 'none' {
  if (shape.length < 2 || shape.length > 4) return shape.length === 0 ? null : 'none';
  const over = (y: number, x: number): boolean | null => {
    const [h, w] = [shape[y], shape[x]];
    if (typeof h !== 'number' || typeof w !== 'number') return null;
    // As finely as every 64th pixel, in the picture's proportions up to the rounding of one position.
    if (h * 64 < height || w * 64 < width || h > height * 2 || w > width * 2) return false;
    return Math.abs(h * width - w * height) <= Math.max(height, width);
  };
  const open = shape.filter((dim) => typeof dim === 'string').length;
  switch (shape.length) {
    case 4: {
      if (typeof shape[0] === 'number' && shape[0] !== 1) return 'none';
      if (over(2, 3)) return 'NCHW';
      if (over(1, 2)) return 'NHWC';
      if (open === 0) return 'none';
      // The one number among open sizes is that of the classes.
      if (typeof shape[1] === 'number' && typeof shape[2] === 'string' && typeof shape[3] === 'string') return 'NCHW'; // prettier-ignore
      if (typeof shape[3] === 'number' && typeof shape[2] === 'string' && typeof shape[1] === 'string') return 'NHWC'; // prettier-ignore
      return null;
    }
    case 3:
      if (over(1, 2)) return shape[0] === 1 ? 'NHW' : 'CHW';
      if (over(0, 1)) return 'HWC';
      return open === 0 ? 'none' : shape[0] === 1 ? 'NHW' : null;
    default:
      return over(0, 1) === false ? 'none' : 'HW';
  }
}

/** What moves, casts or repeats numbers without changing what they say. */
const COPYING = new Set(['Cast', 'Identity', 'Squeeze', 'Unsqueeze', 'Reshape', 'Transpose', 'Flatten', 'Dropout', 'Slice', 'DequantizeLinear', 'QuantizeLinear']); // prettier-ignore

function meaningOf(
  model: OnnxModel,
  name: string,
  type: number,
  channels: number | null,
  facts: GraphFacts | null,
): { meaning: OutputMeaning | null; classes: number | null } {
  const source = producerOf(model, name);
  if (source?.opType === 'ArgMax') {
    const axis = Number(source.attribute.find((attribute) => attribute.name === 'axis')?.i ?? 0);
    const shape = facts?.values.get(source.input[0] ?? '')?.shape;
    const classes = shape?.at(axis) ?? null;
    return { meaning: 'classMap', classes: classes !== null && classes > 1 ? classes : null };
  }
  if (!isFloat(type)) {
    if (channels === 1) return { meaning: 'classMap', classes: type === BOOL ? 2 : null };
    return { meaning: null, classes: channels };
  }
  const smooth = source?.opType === 'Softmax' || source?.opType === 'Sigmoid';
  if (channels === 1) {
    const meaning = source?.opType === 'Sigmoid' ? 'binaryProbability' : null;
    return { meaning, classes: null };
  }
  // Of unknown channels it can only be guessed; logits are what segmentation models give.
  return { meaning: smooth ? 'probabilities' : channels === null ? null : 'logits', classes: channels };
}

/** The node that makes what a tensor says, past those that only move it. */
function producerOf(model: OnnxModel, name: string): NodeProto | null {
  const makers = new Map<string, NodeProto>();
  for (const node of model.proto.graph?.node ?? [])
    for (const output of node.output) makers.set(output, node);
  let at = makers.get(name);
  for (let steps = 0; at && COPYING.has(at.opType) && steps < 64; steps++) at = makers.get(at.input[0] ?? '');
  return at ?? null;
}

function chooseOutput(
  model: OnnxModel,
  candidates: readonly OutputCandidate[],
  answers: ModelAnswers,
  names: number | null,
): OutputCandidate {
  const asked = answers.output?.name;
  const outputs = model.proto.graph?.output ?? [];
  if (asked !== undefined) {
    const found = candidates.find(({ name }) => name === asked);
    if (found) return found;
    throw new ProblemError({
      code: 'model.mapping',
      subject: model.subject,
      title: `it has no output "${asked}" that says something of every place of a picture`,
      detail: `Its outputs: ${outputs.map(describe).join(', ') || 'none'}`,
    });
  }
  const score = (candidate: OutputCandidate): number =>
    (candidate.name === 'logits' ? 8 : 0) +
    (names !== null && candidate.classes === names ? 4 : 0) +
    (candidate.meaning === null || candidate.layout === null ? 0 : 2) +
    // Logits say more than a class map: how sure the model is.
    (candidate.meaning === 'logits' || candidate.meaning === 'probabilities' ? 1 : 0);
  const best = candidates.reduce<OutputCandidate | null>(
    (found, candidate) => (found === null || score(candidate) > score(found) ? candidate : found),
    null,
  );
  if (best) return best;
  throw new ProblemError({
    code: 'model.output',
    subject: model.subject,
    title: 'no output says something of every place of a picture',
    detail: `Its outputs: ${outputs.map(describe).join(', ') || 'none'}`,
    hint: 'Open a model for semantic segmentation: its output is a class map, or logits [1, classes, h, w]',
  });
}

/** `image float32 [1, 3, height, ?]` */
function describe(info: ValueInfoProto): string {
  const shape = declaredShape(info.type)?.map((dim) => (dim === '' ? '?' : dim));
  return `${info.name} ${dataTypeName(info.type?.tensorType?.elemType ?? 0)} [${shape?.join(', ') ?? '?'}]`;
}
