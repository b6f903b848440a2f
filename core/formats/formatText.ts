import { strFromU8 } from 'fflate';
import type { z } from 'zod';
import { ProblemError } from '../problem.ts';
import type { FormatFiles } from './maskFormat.ts';

/** The text of a file, a byte order mark aside. */
export async function readText(files: FormatFiles, name: string): Promise<string> {
  return strFromU8(await files.read(name)).replace(/^\uFEFF/, '');
}

/** Its lines that say something; comments begin with `#`. */
export async function readLines(files: FormatFiles, name: string): Promise<string[]> {
  const lines = (await readText(files, name)).split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** Text as JSON of this form. Throws `<code>` with what is wrong where. */
export function parseAs<T extends z.ZodType>(
  text: string,
  schema: T,
  code: string,
  subject: string,
): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : undefined;
    throw new ProblemError({ code, title: 'not valid JSON', subject, detail }, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new ProblemError({ code, title: `not of this format: ${place}${issue.message}`, subject });
}

/** Lies beside every format, and says nothing about any. */
const OWN_FILE = 'manifest.json';

/** Whether a JSON text has all of these words in quotes: cheaper than to parse what may be another format's. */
export const quotes = (text: string, words: readonly string[]): boolean =>
  words.every((word) => text.includes(`"${word}"`));

/**
 * The JSON files whose text is one that is looked for. `most`: how many to look into, to tell what a folder of many
 * thousand is.
 */
export async function jsonFilesWith(
  files: FormatFiles,
  isOne: (text: string) => boolean,
  most = Infinity,
): Promise<string[]> {
  const found: string[] = [];
  let looked = 0;
  for (const name of files.names) {
    if (!name.toLowerCase().endsWith('.json') || name === OWN_FILE || looked >= most) continue;
    looked++;
    if (isOne(await readText(files, name))) found.push(name);
  }
  return found;
}

/** How many JSON files are enough to recognise a format. */
export const RECOGNISE_FILES = 20;

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += CHARACTERS[bits >> 18]! + CHARACTERS[(bits >> 12) & 63]!;
    text += left > 1 ? CHARACTERS[(bits >> 6) & 63]! : '=';
    text += left > 2 ? CHARACTERS[bits & 63]! : '=';
  }
  return text;
}

/** Throws ProblemError `<code>` for a text that is not base64. */
export function fromBase64(text: string, code: string, subject: string): Uint8Array {
  const plain = text.replace(/[\s=]/g, '');
  const bytes = new Uint8Array(Math.floor((plain.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of plain) {
    const value = CHARACTERS.indexOf(character);
    if (value < 0) throw new ProblemError({ code, title: `"${character}" is not base64`, subject });
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) bytes[at++] = (bits >> (held -= 8)) & 255;
  }
  return bytes;
}
