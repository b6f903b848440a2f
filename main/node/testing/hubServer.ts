import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the host is told to do wrong, by the path of a file; each is done once for each entry, in order. */
type Misbehaviour =
  | { readonly kind: 'cutAfter'; readonly bytes: number }
  | { readonly kind: 'silentAfter'; readonly bytes: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'noRange' }
  | { readonly kind: 'otherBytes' }
  | { readonly kind: 'more' };

interface HubRepositoryFiles {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly licence?: string;
  /** Readable only with this token. */
  readonly gatedBy?: string;
  /** Not even named without this token. */
  readonly privateTo?: string;
}

export interface HubServer extends AsyncDisposable {
  readonly endpoint: string;
  /** `METHOD host path range authorization` of each request, as they came. */
  readonly requests: readonly string[];
  readonly misbehave: (path: string, ...what: Misbehaviour[]) => void;
  /** Nobody answers at its address, until `resume`. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Files above this are kept apart, as with git LFS: listed by SHA-256, served by another host. */
const LARGE = 1000;
export const HUB_COMMIT = '0123456789abcdef0123456789abcdef01234567';
/** How many entries a page of a tree has. */
const PAGE = 3;

/**
 * A host that speaks the Hub's protocol as far as a download needs it: revision, tree in pages, resolve; large files
 * by a redirect to a second host, which knows ranges. `requests` tells what was asked.
 */
export async function startHubServer(
  repositories: Readonly<Record<string, HubRepositoryFiles>>,
): Promise<HubServer> {
  const requests: string[] = [];
  const wrongs = new Map<string, Misbehaviour[]>();
  const listen = (
    answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void,
    host: string,
  ) =>
    new Promise<Server>((resolve) => {
      const server = createServer((request, response) => {
        const { range = '', authorization = '' } = request.headers;
        requests.push(`${request.method} ${host} ${request.url} ${range} ${authorization}`.trimEnd());
        answer(request, response, new URL(request.url ?? '/', 'http://host'));
      });
      server.listen(0, '127.0.0.1', () => resolve(server));
    });
  const cdn = await listen((request, response, url) => {
    const [, name, path] = /^\/lfs\/([^/]+\/[^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    const content = bytesOf(repositories[name ?? '']?.files[path ?? '']);
    if (!content) fail(response, 404);
    else serve(request, response, content, path!);
  }, 'cdn');
  const cdnUrl = `http://127.0.0.1:${(cdn.address() as AddressInfo).port}`;

  function serve(
    request: IncomingMessage,
    response: ServerResponse,
    content: Uint8Array,
    path: string,
  ): void {
    const wrong = wrongs.get(path)?.shift();
    if (wrong?.kind === 'status') {
      fail(response, wrong.status);
      return;
    }
    let body = wrong?.kind === 'otherBytes' ? content.map((byte) => byte ^ 1) : content;
    if (wrong?.kind === 'more') body = Buffer.concat([body, Buffer.from('more')]);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
    if (from >= body.length) {
      fail(response, 416);
      return;
    }
    const ranged = from >= 0 && wrong?.kind !== 'noRange';
    const part = ranged ? body.subarray(from) : body;
    response.writeHead(ranged ? 206 : 200, {
      'Content-Length': part.length,
      'Accept-Ranges': 'bytes',
      ...(ranged && { 'Content-Range': `bytes ${from}-${body.length - 1}/${body.length}` }),
    });
    if (wrong?.kind === 'cutAfter') {
      response.write(part.subarray(0, wrong.bytes), () => setTimeout(() => response.destroy(), 20));
      return;
    }
    if (wrong?.kind === 'silentAfter') {
      response.write(part.subarray(0, wrong.bytes));
      return;
    }
    response.end(part);
    return;
  }

  const hub = await listen((request, response, url) => {
    const [, api, name, rest = ''] =
      /^\/(api\/models\/)?([^/]+\/[^/]+)\/(.+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    const repository = repositories[name ?? ''];
    const token = request.headers.authorization?.replace('Bearer ', '');
    if (!repository || (repository.privateTo !== undefined && repository.privateTo !== token)) {
      fail(response, 401, 'RepoNotFound');
      return;
    }
    if (api !== undefined) {
      const [kind, revision] = rest.split('/');
      if (revision !== 'main' && revision !== HUB_COMMIT) {
        fail(response, 404, 'RevisionNotFound');
        return;
      }
      if (kind === 'revision') {
        const { licence } = repository;
        json(response, { sha: HUB_COMMIT, tags: [], cardData: licence && { license: licence } });
        return;
      }
      const entries = Object.entries(repository.files).map(([path, content]) =>
        entryOf(path, bytesOf(content)!),
      );
      const start = Number(url.searchParams.get('cursor') ?? 0);
      const next = `${url.pathname}?recursive=1&cursor=${start + PAGE}`;
      const link: Record<string, string> =
        start + PAGE < entries.length ? { Link: `<${next}>; rel="next"` } : {};
      json(response, entries.slice(start, start + PAGE), link);
      return;
    }
    if (repository.gatedBy !== undefined && repository.gatedBy !== token) {
      fail(response, 401, 'GatedRepo');
      return;
    }
    const path = rest.replace(`resolve/${HUB_COMMIT}/`, '');
    const content = bytesOf(repository.files[path]);
    if (!content) {
      fail(response, 404, 'EntryNotFound');
      return;
    }
    if (content.length <= LARGE) {
      serve(request, response, content, path);
      return;
    }
    response.writeHead(302, {
      Location: `${cdnUrl}/lfs/${name}/${path}`,
      'X-Linked-Etag': `"${createHash('sha256').update(content).digest('hex')}"`,
    });
    return response.end();
  }, 'hub');

  const end = async (server: Server): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const close = async (): Promise<void> => {
    await end(hub);
    await end(cdn);
  };
  const { port } = hub.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pause: () => end(hub),
    resume: () => new Promise((resolve) => hub.listen(port, '127.0.0.1', () => resolve())),
    requests,
    misbehave: (path, ...what) => wrongs.set(path, what),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function bytesOf(content: string | Uint8Array | undefined): Uint8Array | null {
  return content === undefined ? null : Buffer.from(content);
}

function entryOf(path: string, content: Uint8Array): object {
  const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const lfs = content.length > LARGE ? { lfs: { oid: sha256, size: content.length } } : {};
  return { type: 'file', path, size: content.length, oid, ...lfs };
}

function json(
  response: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

function fail(response: ServerResponse, status: number, code?: string): void {
  response.writeHead(status, code === undefined ? {} : { 'X-Error-Code': code });
  response.end();
}
