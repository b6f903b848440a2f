import type { ReadableStream } from 'node:stream/web';
import { ProblemError } from '#core/problem.ts';
import { errorCode } from '../fileProblem.ts';
import { offline } from './hubEndpoint.ts';
import { parseUrl } from './parseUrl.ts';

/** How a repository's host is asked. */
export interface HubAccess {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** For gated repositories; it is sent to the endpoint alone, never to where it redirects. */
  readonly token?: string;
  /** Of an answer's head, and of a pause within a body. */
  readonly patienceMs?: number;
  /** Before a connection that broke is taken up again, doubled each time. */
  readonly pauseMs?: number;
}

const PATIENCE_MS = 30_000;
const MOST_REDIRECTS = 5;
const UNREACHABLE = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN'];

/** Nothing came within the patience: the connection counts as lost. */
export class HubSilent extends Error {}

/** An answer, and the endpoint's own head where it redirected to another host. */
interface HubAnswer {
  readonly response: Response;
  /** Of the endpoint itself: it states a large file's hash, which the host behind it need not. */
  readonly first: Headers;
  /** Ends the request, and with it the body. */
  readonly cancel: () => void;
}

/**
 * Asks the endpoint by Node's own fetch: the window's network stack stays without any remote content, and the command
 * line walks the same code. Redirects are followed by hand: only to http or https, never from https to http, a few
 * times, and the token stays behind.
 *
 * @throws ProblemError `hub.offline`, `hub.redirect`, `hub.certificate`; HubSilent; the signal's reason; other errors of fetch
 */
export async function hubRequest(
  url: string,
  access: HubAccess,
  { headers = {}, signal }: { headers?: Readonly<Record<string, string>>; signal?: AbortSignal } = {},
): Promise<HubAnswer> {
  const home = new URL(access.endpoint).origin;
  let at = new URL(url);
  let first: Headers | null = null;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const abort = new AbortController();
    const stop = () => abort.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop, { once: true });
    const patience = setTimeout(() => abort.abort(new HubSilent()), access.patienceMs ?? PATIENCE_MS);
    const response = await fetch(at.href, {
      redirect: 'manual',
      signal: abort.signal,
      headers: {
        'Accept-Encoding': 'identity',
        'User-Agent': 'dynaseg-studio',
        ...(access.token && at.origin === home && { Authorization: `Bearer ${access.token}` }),
        ...headers,
      },
    }).catch((error: unknown) => {
      signal?.removeEventListener('abort', stop);
      throw signal?.aborted ? signal.reason : networkError(error, at.origin);
    });
    clearTimeout(patience);
    first ??= response.headers;
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      const cancel = () => {
        signal?.removeEventListener('abort', stop);
        abort.abort();
      };
      return { response, first, cancel };
    }
    signal?.removeEventListener('abort', stop);
    await response.body?.cancel();
    const next = parseUrl(location, at.href);
    if (
      !next ||
      !/^https?:$/.test(next.protocol) ||
      (at.protocol === 'https:' && next.protocol === 'http:')
    ) {
      throw redirect(at.origin, `it sends to ${location.slice(0, 200)}, which is not followed`);
    }
    at = next;
  }
  throw redirect(at.origin, `it redirects more than ${MOST_REDIRECTS} times`);
}

function redirect(subject: string, title: string): ProblemError {
  return new ProblemError({ code: 'hub.redirect', subject, title, hint: 'Try another mirror' });
}

function networkError(error: unknown, origin: string): unknown {
  if (error instanceof HubSilent) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = errorCode(cause) ?? errorCode(error) ?? '';
  const inner = cause instanceof AggregateError ? errorCode(cause.errors[0]) : null;
  if (UNREACHABLE.includes(code) || UNREACHABLE.includes(inner ?? '')) {
    return offline(origin, `The network says ${inner ?? code}`);
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code)) {
    return new ProblemError({
      code: 'hub.certificate',
      subject: origin,
      title: `its certificate is not trusted: ${code}`,
      hint: 'Name the file of your own authority in NODE_EXTRA_CA_CERTS',
    });
  }
  return error;
}

/**
 * What an answer that is none of the wanted ones means.
 *
 * @param subject the repository
 * @param what of it: `revision v2`, `onnx/model.onnx`
 */
export function refusal(response: Response, subject: string, what: string): ProblemError {
  const { status, headers } = response;
  const code = headers.get('x-error-code') ?? '';
  const problem = (kind: string, title: string, hint: string) =>
    new ProblemError({ code: `hub.${kind}`, subject, title, hint });
  if (code === 'GatedRepo' || (status === 403 && code === '')) {
    return problem(
      'gated',
      'its owner asks for an agreement before it can be downloaded',
      'Agree to it on its page, then start again with an access token of your account in HF_TOKEN',
    );
  }
  // Without a token the Hub does not tell private repositories from ones that are not there.
  if (code === 'RepoNotFound' || status === 401) {
    return problem(
      'noRepository',
      'there is no such repository, or it is private',
      'Look at its name; for a private one, start again with an access token of your account in HF_TOKEN',
    );
  }
  if (status === 404) {
    return problem('notFound', `it has no ${what}`, 'Look at its name and its revision on its page');
  }
  if (status === 429) {
    return problem('tooMany', 'the host wants fewer requests', 'Wait some minutes, then try again');
  }
  return problem('refused', `the host answered ${status} for ${what}`, 'Try again later, or another mirror');
}

/** The bytes of an answer; the types of Node's fetch do not say that they are bytes. */
export function bodyOf(response: Response): ReadableStream<Uint8Array> | null {
  return response.body as ReadableStream<Uint8Array> | null;
}
