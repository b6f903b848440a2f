import { expect, test } from 'vitest';
import { parseClassesJson, writeClassesJson } from './classesJson.ts';

test('names and void', () => {
  const { classTable, voidId } = parseClassesJson(
    '{"classes": ["Sky", " Road "], "void": 11, "made": "by hand"}',
  );
  expect(classTable.classes.map(({ id, name }) => [id, name])).toEqual([
    [0, 'Sky'],
    [1, 'Road'],
  ]);
  expect(classTable.ignoreId).toBe(255);
  expect(voidId).toBe(11);
  expect(parseClassesJson('\uFEFF{"classes": ["Sky"]}').voidId).toBeUndefined();
});

test('written and read again', () => {
  const text = writeClassesJson(parseClassesJson('{"classes": ["Sky", "Road"], "void": 2}'));
  expect(text).toBe('{\n  "classes": [\n    "Sky",\n    "Road"\n  ],\n  "void": 2\n}\n');
  expect(writeClassesJson(parseClassesJson(text))).toBe(text);
});

test('ids with gaps, as they are left by a class that was merged into another', () => {
  const declared = parseClassesJson('{"classes": ["Sky", "Road"], "ids": [0, 3], "void": 255}');
  expect(declared.classTable.classes.map(({ id, name }) => [id, name])).toEqual([
    [0, 'Sky'],
    [3, 'Road'],
  ]);
  expect(parseClassesJson(writeClassesJson(declared))).toEqual(declared);
});

test('where 255 is a class, another value is ignored', () => {
  const names = Array.from({ length: 256 }, (_, id) => `class ${id}`);
  expect(parseClassesJson(JSON.stringify({ classes: names })).classTable.ignoreId).toBe(65535);
});

const HINT = 'It looks like {"classes": ["Sky", "Building"], "void": 11}';

test.each([
  ['[]', `not an object. ${HINT}`],
  ['{}', `"classes" must be a list of names. ${HINT}`],
  ['{"classes": []}', `"classes" is empty. ${HINT}`],
  ['{"classes": ["Sky", 3]}', `entry 1 of "classes": a class name must be a text. ${HINT}`],
  ['{"classes": ["Sky", " "]}', `entry 1 of "classes": a class name is empty. ${HINT}`],
  ['{"classes": ["Sky", "Road", "Sky"]}', `class name "Sky" occurs twice. ${HINT}`],
  ['{"classes": ["Sky", "Road"], "void": 1}', `"void" is 1, which is class "Road". ${HINT}`],
  ['{"classes": ["Sky"], "ids": [0, 1]}', `2 "ids" do not name 1 classes. ${HINT}`],
  ['{"classes": ["Sky", "Road"], "ids": [1, 1]}', `id 1 occurs twice. ${HINT}`],
  ['{"classes": ["Sky", "Road"], "ids": [0, 4], "void": 4}', `"void" is 4, which is class "Road". ${HINT}`],
  ['{"classes": ["Sky"], "void": -1}', `"void" must be a whole number from 0 to 65535. ${HINT}`],
  ['{"classes": ["Sky"], "void": "11"}', `"void" must be a whole number from 0 to 65535. ${HINT}`],
])('%s', (text, message) => {
  expect(() => parseClassesJson(text, 'street/classes.json')).toThrow(`street/classes.json: ${message}`);
});

test('not JSON', () => {
  expect(() => parseClassesJson('classes: [Sky]', 'street/classes.json')).toThrow(
    /^street\/classes\.json: not JSON: /,
  );
});
