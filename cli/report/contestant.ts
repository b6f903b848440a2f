import { encode } from 'fast-png';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { confidenceMap } from '#core/imaging/confidenceMap.ts';
import type { Segmentation } from '#core/inference/segment.ts';
import { classPalette } from '#core/labels/classPalette.ts';
import { mapOutput, type ClassMapping } from '#core/labels/classMapping.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { meanIou, pixelAccuracy } from '#core/metrics/iou.ts';
import type { ModelRole } from '#core/models/modelInfo.ts';
import type { ModelClasses } from '../classChoices.ts';
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
    /** Its classes in those of the comparison; null: they are the same. */
    private readonly mapping: ClassMapping | null,
  ) {
    this.confusion = new ConfusionMatrix(this.classTable);
  }

  static async enter(
    role: ModelRole,
    { model, mapping }: ModelClasses,
    options: SessionOptions,
  ): Promise<Contestant> {
    return new Contestant(role, await NodeSession.create(model, options), mapping);
  }

  /** Of the comparison. */
  private get classTable(): ClassTable {
    return this.mapping?.table ?? this.session.model.classTable;
  }

  /** What the model says of a picture, in the classes of the comparison. */
  async segment(input: Parameters<NodeSession['segment']>[0]): Promise<Segmentation> {
    const result = await this.session.segment(input);
    return this.mapping ? { ...result, ...mapOutput(result, this.mapping) } : result;
  }

  /** Writes the class map of an image and counts its figures. */
  async finish(result: Segmentation, options: FinishOptions): Promise<ModelOnImage> {
    const { session, role, classTable } = this;
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
