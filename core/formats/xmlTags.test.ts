import { expect, test } from 'vitest';
import { xmlTags, xmlText } from './xmlTags.ts';

const seen = (source: string) => xmlTags(source, 'a.xml').map(({ name, kind, text }) => [kind, name, text]);

test('tags, and the text before them', () => {
  expect(seen('<?xml version="1.0"?><a>\n <b x="1"/> two <!-- <c> --></a>')).toEqual([
    ['open', 'a', ''],
    ['open', 'b', ''],
    ['close', 'b', ''],
    ['close', 'a', 'two'],
  ]);
  expect(seen('<a><name>a &amp; b</name><![CDATA[<d>]]><e /></a>')[2]).toEqual(['close', 'name', 'a & b']);
});

test('attributes in either quotes, with signs that are written as others', () => {
  const [tag] = xmlTags(`<a one="x > y" two='"' three = "&lt;&#228;&#x1F600;" rone="no"/>`, 'a.xml');
  expect(['one', 'two', 'three', 'four', 'toString'].map((name) => tag!.attribute(name))).toEqual([
    'x > y',
    '"',
    '<ä😀',
    null,
    null,
  ]);
});

test.each(['<a', '<a b="', '<!-- never', '<a b="1" c=\'', 'no tag', '', '<a></b>', '<a>&nope;</a>'])(
  '%j is refused by its name',
  (source) => {
    expect(() => seen(source)).toThrow(/^a\.xml: it is no well-formed XML: line \d+, column \d+: \w/);
  },
);

test('what is written is read', () => {
  const text = 'a "b" <c> & d\te\nf';
  const [tag] = xmlTags(`<a b="${xmlText(text)}"/>`, 'a.xml');
  expect(tag!.attribute('b')).toBe(text);
});
