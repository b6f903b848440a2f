import { ProblemError } from '../../problem.ts';
import { isSmallInteger } from '../dataType.ts';
import { fixedInputSize, findPictureInput } from '../inputFacts.ts';
import type { OnnxModel } from '../onnxModel.ts';
import { summariseOnnx } from '../summary.ts';
import { LiftedGraph } from './liftGraph.ts';
import { Mismatch } from './matchParts.ts';
import { matchSegformer } from './matchSegformer.ts';
import type { SegformerGraph } from './segformerGraph.ts';
import { asImage, NotUnderstood } from './values.ts';

/** Why a graph was not recognised. */
export interface NotRecognised {
  readonly recognised: false;
  /** `stage 1, block 0, attention`, `output`. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

export type Recognition = { readonly recognised: true; readonly graph: SegformerGraph } | NotRecognised;

/**
 * Reads a SegFormer out of an ONNX graph by its structure: names and the way in which an exporter writes a norm, a
 * GELU or a permutation do not matter. Every weight comes as float32.
 *
 * What is not a SegFormer, or has something more in it, is not recognised; the answer says where it differs. So are
 * quantised models, which run as they are; but weights that are only stored in 8 bits are read, and marked.
 *
 * @throws ProblemError `onnx.damaged`
 */
export function recogniseSegformer(model: OnnxModel): Recognition {
  try {
    return { recognised: true, graph: read(model) };
  } catch (error) {
    if (error instanceof Mismatch) {
      const { where, expected, found } = error;
      return { recognised: false, where, expected, found };
    }
    // A graph that cannot be followed at the size at which it is looked at may run at others.
    if (error instanceof ProblemError && error.problem.code !== 'onnx.damaged') {
      const expected = 'a graph whose shapes can be followed';
      return { recognised: false, where: 'graph', expected, found: error.problem.title };
    }
    throw error;
  }
}

/** True where 8-bit numbers are weights alone, made floats before they are used. */
function storesInt8Weights(model: OnnxModel): boolean {
  const { node = [], initializer = [] } = model.proto.graph ?? {};
  const made = new Set(
    node.filter(({ opType }) => opType === 'DequantizeLinear').map(({ input }) => input[0]),
  );
  const integers =
    /^(DynamicQuantize|Quantize|QLinear|QGemm|QAttention|MatMulInteger|ConvInteger|MatMulNBits)/;
  return (
    !node.some(({ opType }) => integers.test(opType)) &&
    initializer.every(({ name, dataType }) => !isSmallInteger(dataType) || made.has(name))
  );
}

function read(model: OnnxModel): SegformerGraph {
  if (summariseOnnx(model).quantised && !storesInt8Weights(model)) {
    throw new Mismatch('weights', 'floating-point weights', 'a quantised model, which is left as it is');
  }
  const fixedSize = fixedInputSize(model) ?? null;
  const lifted = new LiftedGraph(model, fixedSize ?? undefined);
  const outputs = (model.proto.graph?.output ?? []).map((output) => output.name);
  const outputName = outputs.find((name) => lifted.map(name));
  const logits = outputName === undefined ? undefined : lifted.map(outputName);
  if (outputName === undefined || !logits) {
    throw new Mismatch('output', 'logits', outputs.length === 0 ? 'no output' : `"${outputs.join('", "')}"`);
  }
  const { stages, head } = matchSegformer(logits.of, new Set(outputs));
  try {
    asImage(logits);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    throw new Mismatch('output', 'logits [1, classes, h, w]', error.message);
  }
  return { inputName: findPictureInput(model).name, outputName, fixedSize, stages, head };
}
