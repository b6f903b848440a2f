import { ProblemError } from '../problem.ts';
import { isFloat, isSmallInteger } from './dataType.ts';
import type { OnnxModel } from './onnxModel.ts';
import type { TensorFact } from './operators/operator.ts';
import { formatShape } from './operators/dims.ts';
import type { TypeProto, ValueInfoProto } from './proto/onnx.generated.ts';

/** The size at which a model is looked at. */
export interface InputSize {
  /** Of the picture that the model gets, after resizing. In pixels. */
  height: number;
  width: number;
  /** 3 unless given or said by the model. */
  channels?: number;
  /** 1 unless given or said by the model. */
  batch?: number;
  /** Shapes, and values where they matter, of inputs beside the picture; or of the picture itself. */
  inputs?: ReadonlyMap<string, { shape: readonly number[]; values?: readonly number[] }>;
}

/** A dimension as declared: a size, or a name that stands for one; '' for a nameless unknown. */
export type DeclaredDim = number | string;

/** What a value info says of a tensor; undefined where it says no shape. */
export function declaredShape(type: TypeProto | undefined): DeclaredDim[] | undefined {
  return type?.tensorType?.shape?.dim.map((dim) => {
    if (dim.value.case === 'dimValue') {
      const size = Number(dim.value.value);
      // Some exporters write -1 or 0 for "any".
      return size > 0 ? size : '';
    }
    return dim.value.case === 'dimParam' ? dim.value.value : '';
  });
}

/** The inputs that a caller must give: older files list their weights among the inputs too. */
export function requiredInputs(model: OnnxModel): ValueInfoProto[] {
  const graph = model.proto.graph;
  const weights = new Set(graph?.initializer.map((tensor) => tensor.name));
  return graph?.input.filter((input) => !weights.has(input.name)) ?? [];
}

/** The input that takes the picture and how its dimensions are ordered. */
export interface PictureInput {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly DeclaredDim[];
  readonly layout: 'NCHW' | 'NHWC';
}

/**
 * Finds the picture among the inputs: `pixel_values` where there is one, else the first with four dimensions.
 *
 * @throws ProblemError `onnx.noPicture` where none has four dimensions
 */
export function findPictureInput(model: OnnxModel): PictureInput {
  const candidates = requiredInputs(model).flatMap((input) => {
    const dims = declaredShape(input.type);
    const type = input.type?.tensorType?.elemType ?? 0;
    return dims?.length === 4 && (isFloat(type) || isSmallInteger(type))
      ? [{ name: input.name, type, dims }]
      : [];
  });
  const found = candidates.find((input) => input.name === 'pixel_values') ?? candidates[0];
  if (!found) {
    const names = requiredInputs(model).map((input) => `"${input.name}"`);
    throw new ProblemError({
      code: 'onnx.noPicture',
      subject: model.subject,
      title: `no input takes a picture: it has ${names.length === 0 ? 'no inputs' : names.join(', ')}`,
      hint: 'A segmentation model has an input of four dimensions: batch, channels, height, width',
    });
  }
  const isChannels = (dim: DeclaredDim | undefined) => dim === 1 || dim === 3 || dim === 4;
  const layout = isChannels(found.dims[3]) && !isChannels(found.dims[1]) ? 'NHWC' : 'NCHW';
  return { ...found, layout };
}

/** The height and width that a model is fixed to; undefined where it takes any. */
export function fixedInputSize(model: OnnxModel): { height: number; width: number } | undefined {
  const { dims, layout } = findPictureInput(model);
  const [height, width] = layout === 'NCHW' ? [dims[2], dims[3]] : [dims[1], dims[2]];
  return typeof height === 'number' && typeof width === 'number' ? { height, width } : undefined;
}

/**
 * Facts of every input at a size, and what the named dimensions of the picture are at it.
 *
 * @throws ProblemError `onnx.noPicture`, `onnx.fixedSize` where the model takes another size only, `onnx.inputShape`
 *   where another input's shape is open and not given
 */
export function inputFacts(
  model: OnnxModel,
  size: InputSize,
): { facts: Map<string, TensorFact>; dims: Map<string, number> } {
  const picture = findPictureInput(model);
  const wanted = picture.layout === 'NCHW' ? ['batch', 'channels', 'height', 'width'] : ['batch', 'height', 'width', 'channels']; // prettier-ignore
  const defaults: Record<string, number> = { batch: 1, channels: 3 };
  const facts = new Map<string, TensorFact>();
  const dims = new Map<string, number>();
  const shape = picture.dims.map((dim, d) => {
    const kind = wanted[d]!;
    const asked = { batch: size.batch, channels: size.channels, height: size.height, width: size.width }[
      kind
    ];
    if (typeof dim === 'number' && asked !== undefined && asked !== dim)
      throw fixedSize(model, picture, size);
    const value = typeof dim === 'number' ? dim : (asked ?? defaults[kind]!);
    if (typeof dim === 'string' && dim !== '') dims.set(dim, value);
    return value;
  });
  facts.set(picture.name, { type: picture.type, shape });
  for (const input of requiredInputs(model)) {
    const type = input.type?.tensorType?.elemType ?? 0;
    const given = size.inputs?.get(input.name);
    if (given) {
      facts.set(input.name, { type, ...given });
    } else if (input.name !== picture.name) {
      const known = concreteShape(declaredShape(input.type), dims);
      if (known === undefined) {
        throw new ProblemError({
          code: 'onnx.inputShape',
          subject: model.subject,
          title: `the shape of the input "${input.name}" is open and was not given`,
        });
      }
      facts.set(input.name, { type, shape: known });
    }
  }
  return { facts, dims };
}

/** A declared shape with the named dimensions filled in; undefined where one stays open. */
export function concreteShape(
  declared: readonly DeclaredDim[] | undefined,
  dims: ReadonlyMap<string, number>,
): number[] | undefined {
  const shape = declared?.map((dim) => (typeof dim === 'number' ? dim : (dims.get(dim) ?? -1)));
  return shape?.includes(-1) ? undefined : shape;
}

function fixedSize(model: OnnxModel, picture: PictureInput, size: InputSize): ProblemError {
  const dims = picture.dims.map((dim) => (typeof dim === 'number' ? dim : dim || 'any'));
  return new ProblemError({
    code: 'onnx.fixedSize',
    subject: model.subject,
    title: `takes pictures of ${dims.join('x')} (${picture.layout}) only, not ${formatShape([size.height, size.width])}`,
    hint: 'Ask for that size, or export the model with dynamic height and width',
  });
}
