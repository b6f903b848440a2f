/** A tag of an XML text. Nothing checks that tags match: readers take what they know, and leave the rest. */
export interface XmlTag {
  readonly name: string;
  /** `<a>`, `</a>` or `<a/>`. */
  readonly kind: 'open' | 'close' | 'empty';
  /** Between the tag before and this one, without the spaces around it. */
  readonly text: string;
  /** The value of an attribute, or null. */
  attribute(name: string): string | null;
}

/** The tags in order; comments, declarations and CDATA are passed over. What is cut off at the end is left out. */
export function* xmlTags(source: string): Generator<XmlTag> {
  let end = 0;
  for (let at = source.indexOf('<'); at >= 0; at = source.indexOf('<', end)) {
    const text = source.slice(end, at);
    const passed = passOver(source, at);
    end = passed ?? endOfTag(source, at);
    if (end < 0) return;
    if (passed !== null) continue;
    const inside = source.slice(at + 1, end - 1);
    const kind = inside.startsWith('/') ? 'close' : inside.endsWith('/') ? 'empty' : 'open';
    const name = /^\/?([^\s/]*)/.exec(inside)![1]!;
    yield { name, kind, text: decoded(text).trim(), attribute: (wanted) => attributeOf(inside, wanted) };
  }
}

const PASSED_OVER = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

/** Where what is no tag ends, -1 where it does not, null for a tag. */
function passOver(source: string, at: number): number | null {
  const found = PASSED_OVER.find(([start]) => source.startsWith(start, at));
  if (!found) return null;
  const end = source.indexOf(found[1], at + found[0].length);
  return end < 0 ? -1 : end + found[1].length;
}

/** Behind the `>` that no quotes are around, or -1. */
function endOfTag(source: string, at: number): number {
  for (let place = at + 1; place < source.length; place++) {
    const sign = source[place];
    if (sign === '>') return place + 1;
    if (sign !== '"' && sign !== "'") continue;
    place = source.indexOf(sign, place + 1);
    if (place < 0) return -1;
  }
  return -1;
}

function attributeOf(inside: string, wanted: string): string | null {
  const attributes = /([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
  for (const [, name, double, single] of inside.matchAll(attributes)) {
    if (name === wanted) return decoded(double ?? single ?? '');
  }
  return null;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? whole;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const ESCAPED: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', '&': '&amp;' };

/** A text as it stands in an element, or between the double quotes of an attribute. */
export const xmlText = (text: string): string =>
  text.replaceAll(/[<>"&\t\r\n]/g, (sign) => ESCAPED[sign] ?? `&#${sign.charCodeAt(0)};`);
