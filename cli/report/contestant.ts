import { encode } from 'fast-png';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { confidenceMap } from '#core/imaging/confidenceMap.ts';
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
  /** Also write how sure the model is, as grey PNG. */
  readonly confidence: boolean;
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
    const { decode, truth, out, maskName, confidence } = options;
    const { preprocess, inference, postprocess } = result.timings;
    const macs = session.macs(result);
    this.#milliseconds.push(decode + preprocess + inference + postprocess);
    this.#macs += macs;
    const mask = `${role}/${maskName}`;
    await writeInto(out, mask, encodeIndexedPng(result.classMap, { palette: classPalette(classTable) }));
    if (confidence) await this.#writeConfidence(result, out, maskName);
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

  /** 0 to 255 for 0 to 1: the probability of the class, and how far it is above the next one. */
  async #writeConfidence({ logits, classMap }: Segmentation, out: string, maskName: string): Promise<void> {
    const { width, height, probability, margin } = confidenceMap(logits, classMap);
    for (const [name, values] of Object.entries({ probability, margin })) {
      const png = encode({ width, height, data: new Uint8Array(values.buffer), channels: 1, depth: 8 });
      await writeInto(out, `confidence/${this.role}-${name}/${maskName}`, png);
    }
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
