import { dataTypes, isFloat } from '../onnx/dataType.ts';
import { declaredShape, requiredInputs } from '../onnx/inputFacts.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import type { PreprocessorConfig } from './modelInfo.ts';
import type { ModelAnswers, ModelInterface } from './modelMapping.ts';

/** True where the graph takes whole numbers: the picture's own bytes, whatever a preprocessor says. */
export function takesBytes(model: OnnxModel, inputName: string): boolean {
  const info = requiredInputs(model).find(({ name }) => name === inputName);
  return info !== undefined && declaredType(info) !== undefined && !isFloat(declaredType(info)!);
}

function declaredType(info: ReturnType<typeof requiredInputs>[number]): number | undefined {
  return declaredShape(info.type) && (info.type?.tensorType?.elemType ?? dataTypes.FLOAT);
}

/** How pictures become this model's input: what its preprocessor says, but for what its graph wants and people say. */
export function inputConfig(
  base: PreprocessorConfig,
  graph: { readonly bytes: boolean; readonly fixedSize: ModelInterface['fixedSize'] },
  input: ModelAnswers['input'] = {},
): PreprocessorConfig {
  let config = base;
  if (graph.bytes) config = { ...config, do_rescale: false, do_normalize: false };
  if (input.range !== undefined || input.mean !== undefined || input.std !== undefined) {
    const range = input.range ?? 'unit';
    config = {
      ...config,
      do_rescale: range === 'unit',
      rescale_factor: 1 / 255,
      do_normalize: input.mean !== undefined || input.std !== undefined,
      image_mean: input.mean ?? [0, 0, 0],
      image_std: input.std ?? [1, 1, 1],
    };
  }
  if (input.size !== undefined) config = { ...config, do_resize: true, size: input.size };
  if (graph.fixedSize) config = { ...config, do_resize: true, size: graph.fixedSize, fixed_size: true };
  return config;
}
