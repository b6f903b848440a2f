import { mkdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  filesOfVariant,
  hubVariants,
  pickVariant,
  type HubAddress,
  type HubFile,
  type HubListing,
  type HubOrigin,
} from '#core/models/hubRepository.ts';
import { externalFileNames } from '#core/onnx/externalData.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { ProblemError } from '#core/problem.ts';
import { writeFileAtomic } from '../atomicFile.ts';
import { downloadFile, isComplete } from './downloadFile.ts';
import { escapePath, findRepository, type HubRevision } from './findRepository.ts';
import type { HubAccess } from './hubRequest.ts';
import { HUB_FILE } from './readHubOrigin.ts';

/** Below the models folder, what is not whole yet; nothing there is listed as a model. */
const UNFINISHED = '.downloads';
/** More than a session can be given is not worth an hour of download. */
const MOST_MODEL_BYTES = 2 ** 31 - 1;

interface HubTask {
  readonly address: HubAddress;
  readonly access: HubAccess;
  /** The user's models folder. */
  readonly modelsFolder: string;
  readonly signal?: AbortSignal;
}

export interface HubProgress {
  readonly file: string;
  /** Of all files together. */
  readonly done: number;
  readonly total: number;
}

/**
 * What a repository has: its ONNX files, and what of them is here.
 *
 * @throws ProblemError `hub.offline`, `hub.noRepository`, `hub.gated`, `hub.notFound`, `hub.noOnnx`, `hub.listing` and
 *   others of hubRequest
 */
export async function lookAtHub(task: HubTask): Promise<HubListing> {
  const { origin, files } = await findRepository(task);
  const variants = await Promise.all(
    hubVariants(files).map(async (variant) => {
      const place = (folder: string) => join(folder, variant.file);
      const final = await sizeOf(place(finalFolder(task, origin)));
      const begun = await sizeOf(`${place(unfinishedFolder(task, origin))}.part`);
      return {
        ...variant,
        here: final > 0 ? ('all' as const) : begun > 0 ? ('part' as const) : ('no' as const),
      };
    }),
  );
  const { repository, revision, commit, endpoint, licence } = origin;
  return {
    repository,
    revision,
    commit,
    endpoint,
    licence,
    variants,
    hasConfig: files.some(({ path }) => path === 'config.json'),
  };
}

/**
 * Downloads one ONNX file of a repository with what belongs to it into the models folder. The folder appears once all
 * of it is there and has the hashes that the repository lists; what is here is not loaded again, and what was begun is
 * gone on with.
 *
 * @param variant a path, a part of a name or a precision; default: the best
 * @returns the path to open: the folder, or the ONNX file where it is not the folder's first
 * @throws ProblemError those of lookAtHub and downloadFile, `hub.noVariant`, `hub.tooLarge`, `hub.noSpace`,
 *   `hub.noWeights`; the signal's reason where it was stopped
 */
export async function downloadFromHub(
  task: HubTask & { readonly variant?: string; readonly onProgress?: (progress: HubProgress) => void },
): Promise<string> {
  const repository = await findRepository(task);
  const { origin, files } = repository;
  const variants = hubVariants(files);
  const chosen = pickVariant(variants, task.variant, origin.repository);
  const wanted = filesOfVariant(files, chosen.file);
  const final = finalFolder(task, origin);
  const unfinished = unfinishedFolder(task, origin);
  const asked = chosen === variants[0] && files.some(({ path }) => path === 'config.json');
  const answer = asked ? final : join(final, chosen.file);
  await checkRoom(task.modelsFolder, wanted, origin.repository);

  const fetchAll = async (list: readonly HubFile[]): Promise<void> => {
    const total = list.reduce((sum, { bytes }) => sum + bytes, 0);
    let before = 0;
    for (const file of list) {
      const tell = (bytes: number) => task.onProgress?.({ file: file.path, done: before + bytes, total });
      if (await isComplete(join(final, file.path), file)) tell(file.bytes);
      else {
        await downloadFile({
          url: resolveUrl(task.access.endpoint, origin, file.path),
          file,
          target: join(unfinished, file.path),
          subject: origin.repository,
          access: task.access,
          signal: task.signal,
          onBytes: tell,
        });
      }
      before += file.bytes;
    }
  };
  await fetchAll(wanted);
  const weights = await otherWeights(repository, chosen.file, wanted, [unfinished, final]);
  if (weights.length > 0) await fetchAll([...wanted, ...weights]);

  await writeFileAtomic(join(unfinished, HUB_FILE), JSON.stringify(origin, null, 2));
  if (await stat(final).catch(() => null)) {
    // Another variant of it is here: the graph comes last, when all that it needs is there.
    for (const { path } of [...weights, ...wanted]) {
      if (!(await stat(join(unfinished, path)).catch(() => null))) continue;
      await mkdir(dirname(join(final, path)), { recursive: true });
      await rename(join(unfinished, path), join(final, path));
    }
    await rm(unfinished, { recursive: true, force: true });
  } else await rename(unfinished, final);
  return answer;
}

/** `org--name@0123abcd`: one folder for each commit of a repository. */
function folderName({ repository, commit }: HubOrigin): string {
  return `${repository.replace('/', '--')}@${commit.slice(0, 8)}`;
}

const finalFolder = ({ modelsFolder }: HubTask, origin: HubOrigin) => join(modelsFolder, folderName(origin));
const unfinishedFolder = ({ modelsFolder }: HubTask, origin: HubOrigin) =>
  join(modelsFolder, UNFINISHED, folderName(origin));

const resolveUrl = (endpoint: string, { repository, commit }: HubOrigin, path: string) =>
  `${endpoint}/${escapePath(repository)}/resolve/${commit}/${escapePath(path)}`;

/** Weights that the graph names and that no exporter's custom names. */
async function otherWeights(
  { files, origin }: HubRevision,
  graph: string,
  have: readonly HubFile[],
  folders: readonly string[],
): Promise<HubFile[]> {
  for (const folder of folders) {
    const bytes = await readFile(join(folder, graph)).catch(() => null);
    if (!bytes) continue;
    const names = externalFileNames(
      readOnnx(bytes, `${origin.repository}/${graph}`, { externalFiles: 'leave' }),
    );
    const prefix = graph.includes('/') ? `${dirname(graph)}/` : '';
    return names
      .map((name) => prefix + name)
      .filter((path) => !have.some((file) => file.path === path))
      .map((path) => {
        const found = files.find((file) => file.path === path);
        if (found) return found;
        throw new ProblemError({
          code: 'hub.noWeights',
          subject: origin.repository,
          title: `${graph} has its weights in ${path}, which the repository does not have`,
          hint: 'Choose another of its ONNX files',
        });
      });
  }
  return [];
}

async function checkRoom(folder: string, files: readonly HubFile[], subject: string): Promise<void> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MOST_MODEL_BYTES) {
    throw new ProblemError({
      code: 'hub.tooLarge',
      subject,
      title: `it has ${(bytes / 1e9).toFixed(1)} GB, more than the 2 GB that one session can be given`,
      hint: 'Choose another of its ONNX files: fp16 or int8',
    });
  }
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new ProblemError({
    code: 'hub.noSpace',
    subject,
    title: `it has ${(bytes / 1e6).toFixed(0)} MB, and the disk has ${((bavail * bsize) / 1e6).toFixed(0)} MB left`,
    hint: `Make room on the disk of ${folder}`,
  });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}
