import { packedGates } from '#core/evaluation/packedGates.ts';
import type { RunFacts } from '#core/evaluation/imageResult.ts';
import type { RunSettings } from '#core/inference/runSettings.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError } from '#core/problem.ts';
import type { JobImage, SegmentAnswer, SegmentJob } from './protocol.ts';

/** The picture of a task with its file. Throws ProblemError `image.unreadable`. */
export async function fetchImage({
  name,
  url,
  sha256,
}: {
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
}): Promise<JobImage> {
  const response = await fetch(url);
  if (response.ok) return { name, sha256, file: await response.blob() };
  throw new ProblemError({ code: 'image.unreadable', title: await response.text(), subject: name });
}

/** A picture through a model, in the optimised form of it or as its file is. */
export function segmentJob(
  image: JobImage,
  { onnxUrl, name, sha256, preprocessor }: ModelInfo,
  { sizing, keepRatio, optimise }: RunSettings & { readonly optimise: boolean },
): SegmentJob {
  const url = optimise ? onnxUrl : `${onnxUrl}?form=original`;
  return { image, model: { url, name, sha256, preprocessor }, settings: { sizing, keepRatio } };
}

/** What is kept of a run; `decode`: milliseconds that the picture took to decode, for whichever model it was done. */
export function factsOf({ timings, macs, gates }: SegmentAnswer, decode: number): RunFacts {
  const { preprocess, inference, postprocess } = timings;
  const ms = { decode, preprocess, inference, postprocess };
  return { ms, macs, gates: gates && packedGates(gates) };
}
