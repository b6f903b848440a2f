import { SaxesParser } from 'saxes';
import { ProblemError } from '../problem.ts';

/** The start or the end of an element. */
export interface XmlTag {
  readonly name: string;
  readonly kind: 'open' | 'close';
  /** Between the tag before and this one, without the spaces around it. */
  readonly text: string;
  /** The value of an attribute, or null. */
  attribute(name: string): string | null;
}

/**
 * The tags of an XML file in order, each element with its start and its end.
 * Throws ProblemError `xml.malformed` that names the place.
 */
export function xmlTags(source: string, subject: string): XmlTag[] {
  const tags: XmlTag[] = [];
  const parser = new SaxesParser();
  let text = '';
  const add = (name: string, kind: XmlTag['kind'], attributes: Readonly<Record<string, string>>): void => {
    const attribute = (wanted: string) => (Object.hasOwn(attributes, wanted) ? attributes[wanted]! : null);
    tags.push({ name, kind, text: text.trim(), attribute });
    text = '';
  };
  parser.on('text', (more) => {
    text += more;
  });
  parser.on('opentag', ({ name, attributes }) => add(name, 'open', attributes));
  parser.on('closetag', ({ name }) => add(name, 'close', {}));
  parser.on('error', ({ message }) => {
    const [, line, column, what] = /^(\d+):(\d+): (.*?)\.?$/s.exec(message) ?? [];
    throw new ProblemError({
      code: 'xml.malformed',
      title: `it is no well-formed XML: line ${line ?? '?'}, column ${column ?? '?'}: ${what ?? message}`,
      subject,
      hint: 'Export it again',
    });
  });
  parser.write(source).close();
  return tags;
}

const ESCAPED: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', '&': '&amp;' };

/** A text as it stands in an element, or between the double quotes of an attribute. */
export const xmlText = (text: string): string =>
  text.replaceAll(/[<>"&\t\r\n]/g, (sign) => ESCAPED[sign] ?? `&#${sign.charCodeAt(0)};`);
