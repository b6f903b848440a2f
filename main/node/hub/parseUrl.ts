/** An address as an object, or null for what is none; URL.canParse is younger than the oldest runtime. */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
