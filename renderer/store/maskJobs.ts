import { packPatch, unpackPatch, type PackedPatch } from '#core/mask/packedPatch.ts';
import { decodePatch, encodePatch } from '#core/mask/patch.ts';
import { computeReshape, type ReshapeAnswer, type ReshapeJob } from './reshapeJob.ts';
import { computeStart, type StartAnswer, type StartJob } from './startJob.ts';

/** What of a whole mask takes longer than a frame: what goes in, and what comes out. */
export interface MaskJobs {
  readonly start: { readonly input: StartJob; readonly answer: StartAnswer };
  readonly reshape: { readonly input: ReshapeJob; readonly answer: ReshapeAnswer };
  readonly encode: { readonly input: PackedPatch; readonly answer: Uint8Array };
  readonly decode: { readonly input: Uint8Array; readonly answer: PackedPatch };
}
export type MaskJobKind = keyof MaskJobs;

const COMPUTE: { readonly [K in MaskJobKind]: (input: MaskJobs[K]['input']) => MaskJobs[K]['answer'] } = {
  start: computeStart,
  reshape: computeReshape,
  encode: (patch) => encodePatch(unpackPatch(patch)),
  decode: (bytes) => packPatch(decodePatch(bytes)),
};

/** Throws ProblemErrors of the patch's format. */
export function computeMaskJob<K extends MaskJobKind>(
  kind: K,
  input: MaskJobs[K]['input'],
): MaskJobs[K]['answer'] {
  return COMPUTE[kind](input);
}

const arraysOf = ({ tiles, before, after }: PackedPatch) => [tiles, before, after];

const INPUTS: { readonly [K in MaskJobKind]: (input: MaskJobs[K]['input']) => (ArrayBufferView | null)[] } = {
  // The translation is kept by whoever made it.
  start: ({ before, source }) => [before, source],
  reshape: ({ ids }) => [ids],
  encode: arraysOf,
  decode: (bytes) => [bytes],
};

const ANSWERS: { readonly [K in MaskJobKind]: (answer: MaskJobs[K]['answer']) => ArrayBufferView[] } = {
  start: ({ ids, change }) => (change ? [ids, ...arraysOf(change.patch), change.bytes] : [ids]),
  reshape: ({ region, patch }) => [...(region ? [region] : []), ...(patch ? arraysOf(patch) : [])],
  encode: (bytes) => [bytes],
  decode: arraysOf,
};

const buffers = (arrays: readonly (ArrayBufferView | null)[]): ArrayBuffer[] =>
  arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));

/** What of a job crosses to the other thread without being copied, and is gone here. */
export function inputBuffers<K extends MaskJobKind>(kind: K, input: MaskJobs[K]['input']): ArrayBuffer[] {
  return buffers(INPUTS[kind](input));
}

export function answerBuffers<K extends MaskJobKind>(kind: K, answer: MaskJobs[K]['answer']): ArrayBuffer[] {
  return buffers(ANSWERS[kind](answer));
}
