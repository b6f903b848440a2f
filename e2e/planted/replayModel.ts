import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { preprocess } from '#core/imaging/preprocess.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { preprocessorConfigSchema } from '#core/models/modelInfo.ts';
import {
  buildNode,
  buildOnnxBytes,
  buildValue,
  floatTensor,
  intTensor,
  rawTensor,
} from '#core/onnx/buildModel.ts';
import { dataTypes } from '#core/onnx/dataType.ts';

export interface ReplayModelOptions {
  readonly id: string;
  readonly role: 'teacher' | 'student';
  readonly classNames: readonly string[];
  /** All of one size, which becomes the model's. */
  readonly pictures: readonly { readonly image: RgbaImage; readonly says: ClassMap }[];
  /** Of the class that it says; all others are 0. */
  readonly logit?: number;
}

/** The logit of what a planted model says, where nothing else is asked for. */
export const LOGIT = 4;

/**
 * Writes a model folder whose ONNX file knows these pictures by their mean colour and says of each what it was told
 * to, at the picture's own size: a model with known errors, which the studio runs like any other. Returns the
 * folder.
 */
export async function writeReplayModel(parent: string, options: ReplayModelOptions): Promise<string> {
  const { id, role, classNames, pictures, logit = LOGIT } = options;
  const [first] = pictures;
  if (!first) throw new Error('a replay model needs a picture');
  const { width, height } = first.says;
  const preprocessor = { do_resize: true, size: { width, height }, resample: 2, do_rescale: true };
  const config = preprocessorConfigSchema.parse(preprocessor);
  const colours = pictures.flatMap(({ image }) => meanColour(preprocess(image, config).pixelValues));
  const maps = Uint8Array.from(pictures.flatMap(({ says }) => [...says.ids]));
  const onnx = buildOnnxBytes({
    nodes: [
      buildNode('ReduceMean', ['pixel_values'], ['colour'], { axes: [2, 3], keepdims: 0 }),
      buildNode('Sub', ['colours', 'colour'], ['differences']),
      buildNode('Abs', ['differences'], ['distances']),
      buildNode('ReduceSum', ['distances', 'last'], ['distance'], { keepdims: 0 }),
      buildNode('ArgMin', ['distance'], ['picture'], { axis: 0, keepdims: 0 }),
      buildNode('Gather', ['maps', 'picture'], ['bytes'], { axis: 0 }),
      buildNode('Cast', ['bytes'], ['ids'], { to: dataTypes.INT64 }),
      buildNode('OneHot', ['ids', 'depth', 'values'], ['planes'], { axis: 0 }),
      buildNode('Unsqueeze', ['planes', 'first'], ['logits']),
    ],
    initializers: [
      floatTensor('colours', [pictures.length, 3], colours),
      intTensor('last', [1]),
      intTensor('first', [0]),
      rawTensor('maps', [pictures.length, height, width], dataTypes.UINT8, maps),
      intTensor('depth', [classNames.length]),
      floatTensor('values', [2], [0, logit]),
    ],
    inputs: [buildValue('pixel_values', [1, 3, height, width])],
    outputs: [buildValue('logits', [1, classNames.length, height, width])],
  });
  const folder = join(parent, id);
  await mkdir(join(folder, 'onnx'), { recursive: true });
  const id2label = Object.fromEntries(classNames.map((name, index) => [index, name]));
  const card = { id, name: `Planted ${role}`, role, keepRatio: 1 };
  await writeFile(join(folder, 'onnx', 'model.onnx'), onnx);
  await writeFile(join(folder, 'config.json'), JSON.stringify({ model_type: 'segformer', id2label }));
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  await writeFile(join(folder, 'card.json'), JSON.stringify(card));
  return folder;
}

/** Of pixel values [1, 3, height, width]. */
function meanColour(pixelValues: Float32Array): number[] {
  const plane = pixelValues.length / 3;
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let n = 0; n < plane; n++) sum += pixelValues[channel * plane + n]!;
    return sum / plane;
  });
}
