import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HubFile } from '#core/models/hubRepository.ts';
import { ProblemError } from '#core/problem.ts';
import { bodyOf, hubRequest, HubSilent, refusal, type HubAccess } from './hubRequest.ts';

/** So often in a row a connection may break without one more byte. */
const MOST_FAILURES = 4;
const PAUSE_MS = 500;

interface DownloadOptions {
  readonly url: string;
  readonly file: HubFile;
  /** Where it appears, whole and checked; until then it lies beside it as `target.part`. */
  readonly target: string;
  /** What messages call it: the repository. */
  readonly subject: string;
  readonly access: HubAccess;
  readonly signal?: AbortSignal;
  /** How many of its bytes are here, told often. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Downloads one file and checks it. What an earlier attempt left is gone on with, also after a kill: the bytes that are
 * here are hashed, and only the rest is asked for. A connection that breaks is taken up again by itself.
 *
 * @throws ProblemError `hub.hash` for other bytes than the repository lists, `hub.truncated` where they do not come,
 *   `hub.size` where more come, and those of hubRequest and refusal; the signal's reason where it was stopped
 */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const { file, target, subject, access, signal, onBytes } = options;
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  if (await isComplete(target, file)) {
    onBytes?.(file.bytes);
    return;
  }
  let failures = 0;
  for (;;) {
    const before = await sizeOf(part);
    const got = await attempt(options, part);
    if (got === 'done') break;
    failures = (await sizeOf(part)) > before ? 0 : failures + 1;
    if (failures >= MOST_FAILURES) {
      throw new ProblemError({
        code: 'hub.truncated',
        subject,
        title: `${file.path} ended after ${await sizeOf(part)} of ${file.bytes} bytes`,
        detail: got,
        hint: 'Try again: what is here is kept, and it goes on from there',
      });
    }
    await pause((access.pauseMs ?? PAUSE_MS) * 2 ** failures, signal);
  }
  await rename(part, target);
}

/** `done`, or why it ended before. The part on the disk may have grown. */
async function attempt(
  { url, file, subject, access, signal, onBytes }: DownloadOptions,
  part: string,
): Promise<string> {
  let have = await sizeOf(part);
  if (have > file.bytes) have = await discard(part);
  let hash = await hashOf(part, have, file);
  onBytes?.(have);
  if (have < file.bytes) {
    const answer = await ask(url, access, have, signal).catch((error: unknown) => reasonOf(error, signal));
    if (typeof answer === 'string') return answer;
    const { response, first, cancel } = answer;
    try {
      const stated = /^"?([0-9a-f]{64})"?$/.exec(first.get('x-linked-etag') ?? '')?.[1];
      if (file.hash.kind === 'sha256' && stated !== undefined && stated !== file.hash.hex) {
        throw otherBytes(file, subject, stated);
      }
      if (response.status === 416) {
        await discard(part);
        return 'the host has no such range';
      }
      if (response.status >= 500) return `the host answered ${response.status}`;
      if (response.status !== 200 && response.status !== 206) throw refusal(response, subject, file.path);
      const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
      if (response.status === 200 || Number(range) !== have) {
        // All of it comes, whatever was asked for.
        if (response.status === 206) {
          await discard(part);
          return `the host sent another range than from ${have}`;
        }
        have = 0;
        hash = await hashOf(part, 0, file);
      }
      const why = await receive(response, { part, from: have, hash, file, subject, access, signal, onBytes });
      if (why !== null) return why;
    } finally {
      cancel();
    }
  }
  const found = hash.digest('hex');
  if (found === file.hash.hex) return 'done';
  await discard(part);
  throw otherBytes(file, subject, found);
}

function otherBytes(file: HubFile, subject: string, found: string): ProblemError {
  return new ProblemError({
    code: 'hub.hash',
    subject,
    title: `${file.path} is not what the repository lists`,
    detail: `${file.hash.kind === 'sha256' ? 'sha256' : 'git hash'} ${found}, not ${file.hash.hex}; it was thrown away`,
    hint: 'Try again; where it happens again, the mirror has another file',
  });
}

const ask = (url: string, access: HubAccess, from: number, signal?: AbortSignal) =>
  hubRequest(url, access, { signal, headers: from > 0 ? { Range: `bytes=${from}-` } : {} });

interface Receiving extends Pick<DownloadOptions, 'file' | 'subject' | 'access' | 'signal' | 'onBytes'> {
  readonly part: string;
  readonly from: number;
  readonly hash: Hash;
}

/** Writes a body behind what is here. @returns why it ended too early, or null where all of it came */
async function receive(response: Response, receiving: Receiving): Promise<string | null> {
  const { part, file, subject, access, signal, onBytes, hash } = receiving;
  let have = receiving.from;
  const handle = await open(part, have === 0 ? 'w' : 'r+');
  const reader = bodyOf(response)?.getReader();
  try {
    for (;;) {
      const chunk = reader && (await withPatience(reader.read(), access.patienceMs ?? 60_000, signal));
      if (!chunk || chunk.done) break;
      if (have + chunk.value.length > file.bytes) {
        await handle.truncate(0);
        throw new ProblemError({
          code: 'hub.size',
          subject,
          title: `more than the ${file.bytes} bytes came that the repository lists for ${file.path}`,
          hint: 'Try another mirror',
        });
      }
      await handle.write(chunk.value, 0, chunk.value.length, have);
      hash.update(chunk.value);
      have += chunk.value.length;
      onBytes?.(have);
    }
    await handle.sync();
    return have < file.bytes ? 'the connection was closed too early' : null;
  } catch (error) {
    return reasonOf(error, signal);
  } finally {
    // Not awaited: a host that says nothing would hold it up.
    reader?.cancel().catch(() => undefined);
    await handle.close();
  }
}

/**
 * Rejects with HubSilent where nothing comes for so long, and with the signal's reason where it is stopped: older
 * versions of fetch forget the signal once the head of an answer is there.
 */
async function withPatience<T>(promise: Promise<T>, milliseconds: number, signal?: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HubSilent()), milliseconds);
    stop = () => reject(signal?.reason as Error);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
  });
  return Promise.race([promise, end]).finally(() => {
    clearTimeout(timer);
    if (stop) signal?.removeEventListener('abort', stop);
  });
}

/** Why a connection broke, in words; what no other attempt would mend is thrown. */
function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  if (signal?.aborted) throw signal.reason;
  if (error instanceof ProblemError) throw error;
  if (error instanceof HubSilent) return 'nothing came for a while';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const isFile = cause instanceof Error && 'syscall' in cause && 'path' in cause;
  if (isFile || (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')) throw error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** A hasher that has seen the first `bytes` of a file. */
async function hashOf(path: string, bytes: number, { hash, bytes: all }: HubFile): Promise<Hash> {
  const hasher = createHash(hash.kind === 'sha256' ? 'sha256' : 'sha1');
  if (hash.kind === 'git') hasher.update(`blob ${all}\0`);
  if (bytes > 0)
    for await (const chunk of createReadStream(path, { end: bytes - 1 })) hasher.update(chunk as Buffer);
  return hasher;
}

/** True for a file that is here already, and is the one. */
export async function isComplete(path: string, file: HubFile): Promise<boolean> {
  if ((await sizeOf(path, -1)) !== file.bytes) return false;
  return (await hashOf(path, file.bytes, file)).digest('hex') === file.hash.hex;
}

async function sizeOf(path: string, none = 0): Promise<number> {
  const status = await stat(path).catch(() => null);
  return status?.isFile() ? status.size : none;
}

async function discard(part: string): Promise<0> {
  await rm(part, { force: true });
  return 0;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
