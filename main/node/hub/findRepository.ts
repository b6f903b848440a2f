import {
  hubFiles,
  hubTreeSchema,
  hubVariants,
  type HubAddress,
  type HubFile,
  type HubOrigin,
} from '#core/models/hubRepository.ts';
import { ProblemError } from '#core/problem.ts';
import { z } from 'zod';
import { zodReason } from '../readJson.ts';
import { refuseOffline } from './hubEndpoint.ts';
import { bodyOf, hubRequest, HubSilent, refusal, type HubAccess } from './hubRequest.ts';
import { parseUrl } from './parseUrl.ts';

const MOST_PAGES = 20;
const MOST_JSON_BYTES = 16_000_000;

const infoSchema = z.looseObject({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  tags: z.array(z.string()).default([]),
  cardData: z
    .looseObject({
      license: z.union([z.string(), z.array(z.string())]).nullish(),
      license_name: z.string().nullish(),
    })
    .nullish(),
});

/** A revision of a repository, nailed to its commit. */
export interface HubRevision {
  readonly origin: HubOrigin;
  readonly files: readonly HubFile[];
}

interface FindOptions {
  readonly address: HubAddress;
  readonly access: HubAccess;
  readonly signal?: AbortSignal;
}

/** A path or a repository's name as a part of an address. */
export const escapePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/**
 * A repository at a revision, as the Hub's API tells of it.
 *
 * @throws ProblemError `hub.offline`, `hub.silent`, `hub.noRepository`, `hub.gated`, `hub.notFound`, `hub.noOnnx`,
 *   `hub.listing` and others of hubRequest
 */
export async function findRepository({ address, access, signal }: FindOptions): Promise<HubRevision> {
  const { repository, revision } = address;
  const { endpoint } = access;
  refuseOffline(endpoint);
  const api = `${endpoint}/api/models/${escapePath(repository)}`;
  const json = async <T extends z.ZodType>(url: string, schema: T) => {
    const { response, cancel } = await hubRequest(url, access, { signal }).catch((error: unknown) => {
      throw error instanceof HubSilent ? silent(endpoint) : error;
    });
    try {
      if (response.status !== 200) throw refusal(response, repository, `revision ${revision}`);
      return { value: schema.parse(JSON.parse(await textOf(response))), next: nextPage(response, url) };
    } catch (error) {
      if (error instanceof z.ZodError) throw listing(repository, zodReason(error));
      throw error instanceof SyntaxError ? listing(repository, error.message) : error;
    } finally {
      cancel();
    }
  };
  const info = (await json(`${api}/revision/${encodeURIComponent(revision)}`, infoSchema)).value;
  const files: HubFile[] = [];
  let url: string | null = `${api}/tree/${info.sha}?recursive=1`;
  for (let pages = 0; url !== null && pages < MOST_PAGES; pages++) {
    const page: { value: z.output<typeof hubTreeSchema>; next: string | null } = await json(
      url,
      hubTreeSchema,
    );
    files.push(...hubFiles(page.value));
    url = page.next;
  }
  const origin: HubOrigin = {
    version: 1,
    repository,
    revision,
    commit: info.sha,
    endpoint,
    licence: licenceOf(info),
  };
  if (hubVariants(files).length > 0) return { origin, files };
  throw noOnnx(repository, files);
}

function silent(endpoint: string): ProblemError {
  return new ProblemError({
    code: 'hub.silent',
    subject: endpoint,
    title: 'it does not answer',
    hint: 'Try again later, or name another mirror (Settings, or HF_ENDPOINT)',
  });
}

function listing(subject: string, detail: string): ProblemError {
  return new ProblemError({
    code: 'hub.listing',
    subject,
    title: 'the host does not list it as the Hub does',
    detail,
    hint: 'Look at the address of the mirror',
  });
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = bodyOf(response)?.getReader();
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    chunks.push(chunk.value);
    bytes += chunk.value.length;
    if (bytes > MOST_JSON_BYTES) throw listing('listing', `more than ${MOST_JSON_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Of a long listing; only on the same host. */
function nextPage(response: Response, url: string): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  const address = next === undefined ? null : parseUrl(next, url);
  return address?.origin === new URL(url).origin ? address.href : null;
}

function licenceOf({ cardData, tags }: z.output<typeof infoSchema>): string | null {
  const stated = [cardData?.license ?? []].flat();
  const [first] = stated;
  if (first === 'other' && cardData?.license_name) return cardData.license_name;
  if (stated.length > 0) return stated.join(', ');
  return tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null;
}

function noOnnx(repository: string, files: readonly HubFile[]): ProblemError {
  const weights = files.find(({ path }) => /\.(safetensors|bin|pt|pth|ckpt|h5)$/.test(path));
  return new ProblemError({
    code: 'hub.noOnnx',
    subject: repository,
    title: 'it has no ONNX file',
    detail: weights && `It has ${weights.path}, which is for training`,
    hint: `Look for ${repository.split('/').at(-1)} under onnx-community or Xenova, or export it: optimum-cli export onnx --model ${repository} FOLDER, then add FOLDER`,
  });
}
