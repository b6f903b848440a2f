import { expect, test } from 'vitest';
import { parseClassesJson } from './classesJson.ts';
import { fullNamesFile, withFullNames, writableNames } from './writableNames.ts';

const plain = (name: string) => name.replaceAll(':', ' ');
const named = (...names: string[]) => names.map((name) => ({ name, colour: [0, 0, 0] as const }));
const declaring = (...names: string[]) => parseClassesJson(JSON.stringify({ classes: names }));

test('two names that would be one get a number, and one of signs alone gets a name', () => {
  expect(writableNames(['a:b', 'a b', 'A b', ':', 'c'], plain)).toEqual([
    'a b',
    'a b 2',
    'A b 3',
    'class',
    'c',
  ]);
});

test('full names are written where the file cannot hold them, and only there', async () => {
  expect(fullNamesFile(named('a', 'b'), plain, 'x')).toEqual([]);
  const [file] = fullNamesFile(named('a:b', 'c'), plain, 'x');
  const text = file && 'content' in file ? await file.content() : '';
  expect(JSON.parse(String(text))).toEqual({ classes: ['a:b', 'c'], void: 255 });
});

test('a classes.json of other classes does not rename any', () => {
  const names = (declared: ReturnType<typeof declaring> | null) =>
    withFullNames(named('a b', 'c'), declared, plain).map(({ name }) => name);
  expect(names(declaring('a:b', 'c'))).toEqual(['a:b', 'c']);
  expect(names(declaring('a:b', 'd'))).toEqual(['a b', 'c']);
  expect(names(declaring('a:b'))).toEqual(['a b', 'c']);
  expect(names(null)).toEqual(['a b', 'c']);
});
