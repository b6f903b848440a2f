import { z } from 'zod';

/** How the weights of an ONNX file are stored, by the names that exporters give their files. */
const precisionSchema = z.enum(['fp32', 'fp16', 'int8', '4-bit']);
type Precision = z.infer<typeof precisionSchema>;

/** An ONNX file of a model folder. */
export const modelFileSchema = z.object({
  /** Relative to the folder, with slashes: `onnx/model_quantized.onnx`. */
  file: z.string(),
  bytes: z.number().int().nonnegative(),
  precision: precisionSchema,
});
export type ModelFile = z.infer<typeof modelFileSchema>;

/** By the suffixes of transformers.js and optimum. */
export function precisionOf(file: string): Precision {
  const name = file.toLowerCase();
  if (/(q4|bnb4|int4|uint4|4bit)/.test(name)) return '4-bit';
  if (/(quantized|quantised|int8|uint8|q8)/.test(name)) return 'int8';
  return /(fp16|float16|half)/.test(name) ? 'fp16' : 'fp32';
}

const ORDER: readonly Precision[] = ['fp32', 'fp16', 'int8', '4-bit'];

/**
 * The file that runs where nobody chose one, the best first: `model.onnx` in onnx/ or in the folder, then by
 * precision, because a rounded model is a choice; equal ones by name.
 */
export function orderModelFiles(files: readonly ModelFile[]): ModelFile[] {
  const rank = ({ file, precision }: ModelFile): number => {
    const main = ['onnx/model.onnx', 'model.onnx'].indexOf(file);
    return main >= 0 ? main : 2 + ORDER.indexOf(precision);
  };
  return [...files].sort((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : 1));
}
