import { networkInterfaces } from 'node:os';
import { ProblemError } from '#core/problem.ts';
import { parseUrl } from './parseUrl.ts';

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** Where repositories are asked for, and who said so. */
interface HubEndpoint {
  /** Without a slash at the end. */
  readonly url: string;
  readonly from: 'option' | 'HF_ENDPOINT' | 'settings' | 'default';
}

interface EndpointSources {
  readonly option?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Of the user's settings; '' for none. */
  readonly setting?: string;
}

/**
 * The Hub itself or a mirror of it: an option, else the variable HF_ENDPOINT that Hugging Face's own tools read, else
 * the settings.
 *
 * @throws ProblemError `hub.endpoint` for what is no http address
 */
export function hubEndpoint({
  option,
  environment = process.env,
  setting = '',
}: EndpointSources): HubEndpoint {
  const said: [string, HubEndpoint['from']][] = [
    [option ?? '', 'option'],
    [environment.HF_ENDPOINT ?? '', 'HF_ENDPOINT'],
    [setting, 'settings'],
  ];
  const [text, from] = said.find(([value]) => value.trim() !== '') ?? [DEFAULT_ENDPOINT, 'default'];
  const url = parseUrl(text.trim());
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '') {
    return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, ''), from: from };
  }
  throw new ProblemError({
    code: 'hub.endpoint',
    title: 'not the address of a mirror of the Hub',
    subject: text,
    detail: `It comes from ${from === 'option' ? 'the option --endpoint' : from}`,
    hint: `Write an address like ${DEFAULT_ENDPOINT}, without a user and without a query`,
  });
}

/**
 * At once, where no network is up at all; an endpoint on this machine needs none.
 *
 * @throws ProblemError `hub.offline`
 */
export function refuseOffline(endpoint: string, interfaces = networkInterfaces()): void {
  const { hostname } = new URL(endpoint);
  if (/^(localhost|127\.|\[::1\])/.test(hostname)) return;
  const up = Object.values(interfaces).some((addresses) => addresses?.some(({ internal }) => !internal));
  if (!up) throw offline(endpoint, 'This machine has no network connection');
}

export function offline(endpoint: string, detail: string): ProblemError {
  return new ProblemError({
    code: 'hub.offline',
    title: 'it cannot be reached',
    subject: endpoint,
    detail,
    hint: 'Connect to the network, or name a mirror that can be reached (Settings, or HF_ENDPOINT); a folder that was downloaded elsewhere can be added as it is',
  });
}
