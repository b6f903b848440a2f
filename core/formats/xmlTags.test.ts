import { expect, test } from 'vitest';
import { xmlTags, xmlText } from './xmlTags.ts';

const seen = (source: string) => [...xmlTags(source)].map(({ name, kind, text }) => [kind, name, text]);

test('tags, and the text before them', () => {
  expect(seen('<?xml version="1.0"?><a>\n <b x="1"/> two <!-- <c> --></a>')).toEqual([
    ['open', 'a', ''],
    ['empty', 'b', ''],
    ['close', 'a', ''],
  ]);
  expect(seen('<name>a &amp; b</name><![CDATA[<d>]]><e />').slice(1)).toEqual([
    ['close', 'name', 'a & b'],
    ['empty', 'e', ''],
  ]);
});

test('attributes in either quotes, with signs that are written as others', () => {
  const [tag] = xmlTags(`<a one="x > y" two='"' three = "&lt;&#228;&#x1F600;&nope;&#x110000;" rone="no"/>`);
  expect(['one', 'two', 'three', 'four'].map((name) => tag!.attribute(name))).toEqual([
    'x > y',
    '"',
    '<ä😀&nope;&#x110000;',
    null,
  ]);
});

test.each(['<a', '<a b="', '<!-- never', '<a b="1" c=\'', 'no tag', ''])('%j has no whole tag', (source) => {
  expect(seen(source)).toEqual([]);
});

test('what is written is read', () => {
  const text = 'a "b" <c> & d\te\nf';
  const [tag] = xmlTags(`<a b="${xmlText(text)}">`);
  expect(tag!.attribute('b')).toBe(text);
});
