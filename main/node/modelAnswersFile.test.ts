import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ModelAnswersFile } from './modelAnswersFile.ts';
import { readModelFolder } from './modelFolder.ts';
import { tinyOnnx } from './testing/modelFolder.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

test('an answer is kept for the file, wherever it lies, and changes what runs', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'answers.json');
  const asked = await readModelFolder(await folder.write('a/net.onnx', tinyOnnx()));
  expect(asked.mapping).toBeNull();
  await new ModelAnswersFile(path).answer(asked.fileSha256!, {
    version: 1,
    input: { range: 'unit' },
    classes: ['Sky', 'Road'],
  });
  const copy = await folder.write('b/copy.onnx', tinyOnnx());
  const told = await readModelFolder(copy, { answers: new ModelAnswersFile(path) });
  expect(told).toMatchObject({ problems: [], fileSha256: asked.fileSha256 });
  // Results are kept by this hash: other answers, other results.
  expect(told.sha256).not.toBe(asked.sha256);
});

test('a chosen file is kept for its folder; a damaged file of answers is as none', async () => {
  await using folder = await temporaryFolder();
  const path = await folder.write('answers.json', '{"version": 1, "files"');
  const answers = new ModelAnswersFile(path);
  expect(await answers.fileOf('/models/x')).toBeUndefined();
  await answers.chooseFile('/models/x', 'onnx/model_fp16.onnx');
  expect(await new ModelAnswersFile(path).fileOf('/models/x')).toBe('onnx/model_fp16.onnx');
});
