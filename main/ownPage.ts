import { STUDIO_ORIGIN } from './node/studioUrl.ts';

/** The address of the studio's one page. */
export const PAGE_URL = `${STUDIO_ORIGIN}/index.html`;

/** Schemes of what the page may load: the studio's own files, and what it made itself in memory. */
const OWN_SCHEMES = new Set(['studio:', 'blob:', 'data:', 'devtools:', 'chrome-extension:']);

/** True for the studio's page alone: not for an image or any other file below the same origin. */
export function isOwnPage(address: string): boolean {
  const end = address.search(/[?#]/);
  return (end < 0 ? address : address.slice(0, end)) === PAGE_URL;
}

/** Whether the window may ask for an address: never for one of a network or of the disk. */
export function isOwnRequest(address: string): boolean {
  // URL.canParse is missing in Electron 25.
  try {
    return OWN_SCHEMES.has(new URL(address).protocol);
  } catch {
    return false;
  }
}
