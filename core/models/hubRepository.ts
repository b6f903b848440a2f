import { z } from 'zod';
import { ProblemError } from '../problem.ts';
import { orderModelFiles, precisionOf, type ModelFile } from './modelFile.ts';

/** A model repository of the Hugging Face Hub or of a mirror of it. */
export interface HubAddress {
  /** `org/name`, or `name` for the oldest ones. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

/** As the Hub allows them; none begins with a dot, so none leads out of a folder. */
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/;
/** Branches may have slashes (`refs/pr/1`). */
const REVISION = /^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/;

/**
 * What a user writes for a repository: `org/name`, `org/name@revision`, or the address of its page.
 *
 * @throws ProblemError `hub.address`
 */
export function parseHubAddress(text: string): HubAddress {
  const trimmed = text.trim();
  const path = trimmed.replace(/^https?:\/\/[^/]+\//i, '').replace(/^(?:hf\.co|huggingface\.co)\//i, '');
  const [before = '', after = 'main', ...more] = path.replace(/\/+$/, '').split('@');
  const [first = '', second = '', ...rest] = before.split('/');
  const page = rest[0] === 'tree' || rest[0] === 'blob' || rest[0] === 'resolve';
  const revision = page ? (rest[0] === 'tree' ? rest.slice(1).join('/') : (rest[1] ?? '')) : after;
  const repository = second === '' ? first : `${first}/${second}`;
  const names = repository.split('/');
  const isGood =
    more.length === 0 &&
    (rest.length === 0 || page) &&
    names.every((name) => NAME.test(name) && !name.includes('..') && !name.includes('--')) &&
    REVISION.test(revision) &&
    !revision.includes('..');
  if (isGood) return { repository, revision };
  throw new ProblemError({
    code: 'hub.address',
    title: 'not the name of a repository',
    subject: trimmed === '' ? 'repository' : trimmed,
    hint: 'Write org/name, with @revision where it is not main, or paste the address of its page',
  });
}

/** One file of a repository, as the Hub's tree lists it. */
export interface HubFile {
  /** With slashes: `onnx/model.onnx`. */
  readonly path: string;
  readonly bytes: number;
  /** Of the content: sha256 of large files, `blob` SHA-1 as git computes it of the others; lower-case hex. */
  readonly hash: { readonly kind: 'sha256' | 'git'; readonly hex: string };
}

/** `/api/models/ID/tree/REVISION?recursive=1`: only what is read of it. */
export const hubTreeSchema = z.array(
  z.looseObject({
    type: z.string(),
    path: z.string(),
    size: z.number().int().nonnegative().default(0),
    oid: z.string(),
    lfs: z
      .looseObject({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() })
      .nullish(),
  }),
);

/** Files of a tree whose names lead nowhere else; directories and odd names are left out. */
export function hubFiles(tree: z.output<typeof hubTreeSchema>): HubFile[] {
  return tree.flatMap(({ type, path, size, oid, lfs }): HubFile[] => {
    const plain = path.split('/').every((part) => /^[A-Za-z0-9_][A-Za-z0-9._ -]*$/.test(part));
    if (type !== 'file' || !plain || path.length > 200) return [];
    if (lfs) return [{ path, bytes: lfs.size, hash: { kind: 'sha256', hex: lfs.oid } }];
    return /^[0-9a-f]{40}$/.test(oid) ? [{ path, bytes: size, hash: { kind: 'git', hex: oid } }] : [];
  });
}

/** Beside the ONNX file, what a model folder is read from; most of a repository is of no use here. */
const SMALL_FILES = ['config.json', 'preprocessor_config.json', 'card.json', 'dynaseg.json'];
/** More than any of them has. */
const MOST_SMALL_BYTES = 4_000_000;

/** The ONNX files of a repository with the weights beside them, the one that runs unless another is chosen first. */
export function hubVariants(files: readonly HubFile[]): ModelFile[] {
  const graphs = files.filter(({ path }) => /^(onnx\/)?[^/]+\.onnx$/i.test(path));
  return orderModelFiles(
    graphs.map(({ path, bytes }) => ({
      file: path,
      bytes: bytes + weightsBeside(files, path).reduce((sum, weights) => sum + weights.bytes, 0),
      precision: precisionOf(path),
    })),
  );
}

/** Weights as exporters name them: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`. */
function weightsBeside(files: readonly HubFile[], graph: string): HubFile[] {
  return files.filter(
    ({ path }) => path.startsWith(graph) && /^[._]data(_\d+)?$/.test(path.slice(graph.length)),
  );
}

/** What is downloaded for a variant: the graph last, so that a folder with it has all that it needs. */
export function filesOfVariant(files: readonly HubFile[], variant: string): HubFile[] {
  const small = files.filter(({ path, bytes }) => SMALL_FILES.includes(path) && bytes <= MOST_SMALL_BYTES);
  const graph = files.filter(({ path }) => path === variant);
  return [...small, ...weightsBeside(files, variant), ...graph];
}

/**
 * The variant that was asked for: an ONNX file's path, a part of its name (`quantized`), or a precision (`int8`).
 *
 * @throws ProblemError `hub.noVariant` where none or several fit
 */
export function pickVariant(
  variants: readonly ModelFile[],
  asked: string | undefined,
  repository: string,
): ModelFile {
  const fitting =
    asked === undefined
      ? variants.slice(0, 1)
      : [
          (variant: ModelFile) => variant.file === asked,
          (variant: ModelFile) => variant.file.replace(/^onnx\//, '').replace(/\.onnx$/, '') === asked,
          (variant: ModelFile) => variant.precision === asked,
          (variant: ModelFile) => variant.file.includes(asked),
        ]
          .map((fits) => variants.filter(fits))
          .find((found) => found.length > 0);
  if (fitting?.length === 1) return fitting[0]!;
  throw new ProblemError({
    code: 'hub.noVariant',
    title: fitting ? `several ONNX files are "${asked}"` : `it has no ONNX file "${asked}"`,
    subject: repository,
    hint: `It has ${(fitting ?? variants).map(({ file, precision }) => `${file} (${precision})`).join(', ')}`,
  });
}

/** hub.json in a downloaded model folder: where it comes from. */
export const hubOriginSchema = z.object({
  version: z.literal(1),
  repository: z.string(),
  /** What was asked for; `commit` is what it was. */
  revision: z.string(),
  commit: z.string(),
  endpoint: z.string(),
  /** As the repository states it: `other` and the like included. */
  licence: z.string().nullable(),
});
export type HubOrigin = z.infer<typeof hubOriginSchema>;

/** A repository that was looked at: what can be had of it. */
export const hubListingSchema = hubOriginSchema.omit({ version: true }).extend({
  variants: z.array(
    z.object({
      file: z.string(),
      bytes: z.number().int().nonnegative(),
      precision: z.enum(['fp32', 'fp16', 'int8', '4-bit']),
      /** It lies in the models folder already, or a part of it does. */
      here: z.enum(['no', 'part', 'all']),
    }),
  ),
  /** Without config.json its classes have to be named after the download. */
  hasConfig: z.boolean(),
});
export type HubListing = z.infer<typeof hubListingSchema>;
