import { z } from 'zod';
import { countNodes } from '../onnx/countMacs.ts';
import { dataTypes } from '../onnx/dataType.ts';
import { fixedInputSize } from '../onnx/inputFacts.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { inferShapes } from '../onnx/shapes.ts';
import { summariseOnnx } from '../onnx/summary.ts';
import type { PreprocessorConfig } from './modelInfo.ts';

/** What a model's graph is, for people who choose between models. */
export const modelFactsSchema = z.object({
  /** Of its input, in pixels: the one that it is fixed to, else what its preprocessor brings pictures to. */
  size: z.object({ height: z.number().int(), width: z.number().int(), fixed: z.boolean() }),
  /** Of ONNX's own domain. */
  opset: z.number().int().nullable(),
  irVersion: z.number().int(),
  /** `pytorch 2.13.0`; '' where the file does not say. */
  producer: z.string(),
  /** Integer products, or weights of 8 bits and fewer. */
  quantised: z.boolean(),
  /** Computes in 16-bit floats, not only stores them. */
  halfArithmetic: z.boolean(),
  /** Whether weights are stored in 16-bit floats. */
  halfWeights: z.boolean(),
  /** Of one run at `size`; null where an operator's shapes cannot be followed. */
  macs: z.number().nullable(),
  parameters: z.number().nullable(),
  /** Operators that `macs` leaves out. */
  uncounted: z.array(z.string()).readonly(),
  /** How many gated layers. */
  gates: z.number().int(),
});
type ModelFacts = z.infer<typeof modelFactsSchema>;

/** The size to which a preprocessor brings pictures; of one side only, a square. */
export function preparedSize({ size }: Pick<PreprocessorConfig, 'size'>): { height: number; width: number } {
  if (typeof size === 'number') return { height: size, width: size };
  return 'shortest_edge' in size ? { height: size.shortest_edge, width: size.shortest_edge } : size;
}

/** Never throws: what a graph does not tell is null. */
export function modelFacts(model: OnnxModel, preprocessor: Pick<PreprocessorConfig, 'size'>): ModelFacts {
  const fixed = orNull(() => fixedInputSize(model));
  const size = fixed ?? preparedSize(preprocessor);
  const shapes = orNull(() => inferShapes(model, size));
  const cost = shapes && orNull(() => countNodes(shapes));
  const { opset, irVersion, producer, quantised, gates } = summariseOnnx(model, shapes ?? undefined);
  return {
    size: { ...size, fixed: Boolean(fixed) },
    opset: opset ?? null,
    irVersion,
    producer,
    quantised,
    ...halves(model),
    macs: cost?.macs ?? null,
    parameters: cost?.params ?? null,
    uncounted: cost?.uncounted ?? [],
    gates: gates.length,
  };
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** What only reads stored halves, and goes on in 32 bits. */
const UNPACKING = new Set(['Cast', 'DequantizeLinear']);

function halves(model: OnnxModel): { halfWeights: boolean; halfArithmetic: boolean } {
  const graph = model.proto.graph;
  const stored = new Set(
    graph?.initializer.filter(({ dataType }) => dataType === dataTypes.FLOAT16).map(({ name }) => name),
  );
  const computes = graph?.node.some(
    ({ opType, input }) => !UNPACKING.has(opType) && input.some((name) => stored.has(name)),
  );
  return { halfWeights: stored.size > 0, halfArithmetic: computes ?? false };
}
