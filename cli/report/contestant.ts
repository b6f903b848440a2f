import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import type { Segmentation } from '#core/inference/segment.ts';
import { classPalette } from '#core/labels/classPalette.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { meanIou, pixelAccuracy } from '#core/metrics/iou.ts';
import type { ModelInfo, ModelRole } from '#core/models/modelInfo.ts';
import { medianOf } from '../inference/medianOf.ts';
import { NodeSession, type SessionOptions } from '../inference/nodeSession.ts';
import type { ModelInTotal, ModelOnImage } from './comparison.ts';
import { writeInto } from './reportFolder.ts';

interface FinishOptions {
  /** Milliseconds that decoding the picture took, once for both models. */
  readonly decode: number;
  readonly truth: ClassIds | null;
  /** Absolute path of the report. */
  readonly out: string;
  readonly maskName: string;
}

/** One of the two models of a comparison, and what it has collected so far. */
export class Contestant {
  /** Against the ground truth. */
  readonly confusion: ConfusionMatrix;
  readonly #milliseconds: number[] = [];
  #macs = 0;

  private constructor(
    readonly role: ModelRole,
    readonly session: NodeSession,
  ) {
    this.confusion = new ConfusionMatrix(session.model.classTable);
  }

  static async enter(role: ModelRole, model: ModelInfo, options: SessionOptions): Promise<Contestant> {
    return new Contestant(role, await NodeSession.create(model, options));
  }

  /** Writes the class map of an image and counts its figures. */
  async finish(result: Segmentation, options: FinishOptions): Promise<ModelOnImage> {
    const { session, role } = this;
    const { classTable } = session.model;
    const { decode, truth, out, maskName } = options;
    const { preprocess, inference, postprocess } = result.timings;
    const macs = session.macs(result);
    this.#milliseconds.push(decode + preprocess + inference + postprocess);
    this.#macs += macs;
    const mask = `${role}/${maskName}`;
    await writeInto(out, mask, encodeIndexedPng(result.classMap, { palette: classPalette(classTable) }));
    const here = new ConfusionMatrix(classTable);
    if (truth) here.add(truth, result.classMap.ids);
    this.confusion.merge(here);
    return {
      mask,
      ms: { decode, preprocess, inference, postprocess },
      gmacs: macs / 1e9,
      miou: truth ? meanIou(here) : null,
    };
  }

  total(): ModelInTotal {
    const { model } = this.session;
    return {
      id: model.id,
      name: model.name,
      keepRatio: model.card?.keepRatio ?? null,
      sha256: model.sha256,
      msPerImage: medianOf(this.#milliseconds),
      gmacs: this.#macs / this.#milliseconds.length / 1e9,
      miou: meanIou(this.confusion),
      pixelAccuracy: pixelAccuracy(this.confusion),
    };
  }
}
