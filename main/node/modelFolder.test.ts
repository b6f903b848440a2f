import { createHash } from 'node:crypto';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '#core/problem.ts';
import { FileHasher } from './fileHasher.ts';
import { readCatalog, resolveModel } from './modelCatalog.ts';
import { readModelFolder } from './modelFolder.ts';
import { TINY_CONFIG, tinyOnnx, writeModelFolder } from './testing/modelFolder.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const sha256 = createHash('sha256').update(tinyOnnx()).digest('hex');

describe('readModelFolder', () => {
  it('reads a foreign model as data', async () => {
    await using folder = await temporaryFolder();
    const info = await readModelFolder(await writeModelFolder(folder, 'segformer b0'));
    expect(info).toMatchObject({
      id: 'segformer b0',
      role: 'teacher',
      name: 'segformer b0',
      onnxFile: join(folder.path, 'segformer b0/onnx/model.onnx'),
      onnxUrl: 'studio://app/model/segformer%20b0/model.onnx',
      bytes: tinyOnnx().length,
      sha256,
      card: null,
      embedded: false,
      problems: [],
    });
    expect(info.classTable.classes.map(({ name }) => name)).toEqual(['Sky', 'Road']);
    expect(info.preprocessor.size).toEqual({ height: 64, width: 64 });
  });

  it('takes id, role and name from the card, and model.onnx beside the config', async () => {
    await using folder = await temporaryFolder();
    const card = { id: 'street-student', role: 'student', name: 'Street student', keepRatio: 0.7 };
    const path = await writeModelFolder(folder, 'x', {
      'card.json': JSON.stringify(card),
      'onnx/model.onnx': null,
      'model.onnx': tinyOnnx(),
    });
    const info = await readModelFolder(path);
    expect(info).toMatchObject({
      id: card.id,
      role: card.role,
      name: card.name,
      onnxFile: join(path, 'model.onnx'),
    });
    expect(info.card?.keepRatio).toBe(0.7);
  });

  it('notes what it can live with', async () => {
    await using folder = await temporaryFolder();
    const config = { ...TINY_CONFIG, num_labels: 19, model_type: 'upernet' };
    const path = await writeModelFolder(folder, 'odd', {
      'config.json': JSON.stringify(config),
      'preprocessor_config.json': null,
    });
    const info = await readModelFolder(path);
    expect(info.problems.map(formatProblem)).toEqual([
      'odd: config.json says 19 labels, its id2label names 2. The names count',
      'odd: model_type is upernet, not segformer. It is run as a SegFormer: pixel_values in, logits out',
      "odd: there is no preprocessor_config.json. SegFormer's defaults are used: 512 x 512, ImageNet mean and deviation",
    ]);
    expect(info.preprocessor.size).toEqual({ height: 512, width: 512 });
  });
});

describe('a folder with several graphs', () => {
  const files = {
    'onnx/model.onnx': null,
    'onnx/model_quantized.onnx': tinyOnnx(),
    'onnx/model_fp16.onnx': tinyOnnx(),
    'onnx/model_q4.onnx': tinyOnnx(),
  };

  it('runs the one that rounds least', async () => {
    await using folder = await temporaryFolder();
    const info = await readModelFolder(await writeModelFolder(folder, 'x', files));
    expect(info.files?.map(({ file, precision }) => [file, precision])).toEqual([
      ['onnx/model_fp16.onnx', 'fp16'],
      ['onnx/model_quantized.onnx', 'int8'],
      ['onnx/model_q4.onnx', '4-bit'],
    ]);
    expect(info.onnxFile).toBe(join(folder.path, 'x/onnx/model_fp16.onnx'));
  });

  it('runs the one that is named: by its path, in the studio, in dynaseg.json, in this order', async () => {
    await using folder = await temporaryFolder();
    const said = JSON.stringify({ file: 'onnx/model_q4.onnx' });
    const path = await writeModelFolder(folder, 'x', { ...files, 'dynaseg.json': said });
    const answers = {
      fileOf: () => Promise.resolve('onnx/model_fp16.onnx'),
      of: () => Promise.resolve(undefined),
    };
    const fileOf = async (...of: Parameters<typeof readModelFolder>) =>
      (await readModelFolder(...of)).onnxFile;
    expect(await fileOf(path)).toBe(join(path, 'onnx/model_q4.onnx'));
    expect(await fileOf(path, { answers })).toBe(join(path, 'onnx/model_fp16.onnx'));
    const named = join(path, 'onnx/model_quantized.onnx');
    expect(await fileOf(named, { answers })).toBe(named);
  });

  it('says which there are where the one that was asked for is not among them', async () => {
    await using folder = await temporaryFolder();
    const said = JSON.stringify({ file: 'onnx/model_int8.onnx' });
    await expect(
      readModelFolder(await writeModelFolder(folder, 'x', { ...files, 'dynaseg.json': said })),
    ).rejects.toThrow(
      'x: it has no ONNX file "onnx/model_int8.onnx". It has onnx/model_fp16.onnx, onnx/model_quantized.onnx, onnx/model_q4.onnx',
    );
  });
});

describe('a lone ONNX file', () => {
  it('asks for what it does not say', async () => {
    await using folder = await temporaryFolder();
    const info = await readModelFolder(await folder.write('net.onnx', tinyOnnx()));
    expect(info.mapping).toBeNull();
    expect(info.problems.map(formatProblem)).toEqual([
      'net: the file does not say what its classes are called; which values its input expects. Say it under Models, or in a file net.dynaseg.json beside it',
    ]);
    const catalog = await folder.write('catalog.json', JSON.stringify({ models: [] }));
    await expect(resolveModel(join(folder.path, 'net.onnx'), catalog)).rejects.toThrow(
      'what its classes are called',
    );
  });

  it('opens with the answers beside it', async () => {
    await using folder = await temporaryFolder();
    const input = { range: 'bytes', mean: [1, 2, 3], std: [4, 5, 6], size: { height: 32, width: 48 } };
    await folder.write('net.dynaseg.json', JSON.stringify({ input, classes: ['Sky', 'Road'] }));
    const info = await readModelFolder(await folder.write('net.onnx', tinyOnnx()));
    expect(info).toMatchObject({ id: 'net', problems: [], mapping: { classes: 2 } });
    expect(info.preprocessor).toMatchObject({
      do_rescale: false,
      do_normalize: true,
      image_mean: [1, 2, 3],
      image_std: [4, 5, 6],
      size: { height: 32, width: 48 },
    });
  });

  it('says what is wrong with them', async () => {
    await using folder = await temporaryFolder();
    await folder.write('net.dynaseg.json', JSON.stringify({ classes: ['Sky'], layout: 'NHWC' }));
    await expect(readModelFolder(await folder.write('net.onnx', tinyOnnx()))).rejects.toThrow(
      /net\.dynaseg\.json: not what this file should hold\. Unrecognized key: "layout"/,
    );
  });

  it('gives classes without a name their number', async () => {
    await using folder = await temporaryFolder();
    await folder.write('net.dynaseg.json', JSON.stringify({ input: { range: 'unit' }, classes: ['Sky'] }));
    const info = await readModelFolder(await folder.write('net.onnx', tinyOnnx()));
    expect(info.classTable.classes.map(({ name }) => name)).toEqual(['Sky', 'class 1']);
    expect(info.problems.map(formatProblem)).toEqual([
      'net: it tells 2 classes apart, and has names for 1. The others are called by their number',
    ]);
  });
});

it.each(['student.pt', 'pytorch_model.bin', 'model.safetensors'])(
  '%s is named as a checkpoint, with the command that exports it',
  async (name) => {
    await using folder = await temporaryFolder();
    const file = await folder.write(`run/${name}`, 'x');
    const how = `${name} is a checkpoint for training, not a graph that can be run. Export it first. One of models/training: cd models && python -m training.export --checkpoint ${name} --id`;
    await expect(readModelFolder(file)).rejects.toThrow(`${file}: ${how}`);
    await folder.write('run/config.json', JSON.stringify(TINY_CONFIG));
    await expect(readModelFolder(join(folder.path, 'run'))).rejects.toThrow(`run: ${how}`);
  },
);

describe('the catalogue', () => {
  const entry = (id: string, hash: string) => ({
    id,
    role: 'student' as const,
    name: `Model ${id}`,
    path: id,
    classes: ['Sky', 'Road'],
    keepRatio: 0.7,
    sha256: hash,
    bytes: 10,
  });

  it('gives every model that can be read, and a message for each other', async () => {
    await using folder = await temporaryFolder();
    await writeModelFolder(folder, 'good');
    await writeModelFolder(folder, 'changed');
    await writeModelFolder(folder, 'broken', { 'config.json': null });
    const models = [entry('good', sha256), entry('changed', '00ff'), entry('broken', sha256)];
    const catalog = await folder.write('catalog.json', JSON.stringify({ models }));
    const read = await readCatalog(catalog);
    expect(read.models.map(({ id, name, role, embedded }) => [id, name, role, embedded])).toEqual([
      ['good', 'Model good', 'student', true],
      ['changed', 'Model changed', 'student', true],
    ]);
    expect(read.models[1]!.problems.map(formatProblem)).toEqual([
      `changed: its ONNX file is not the one that the catalogue lists. sha256 ${sha256}, the catalogue says 00ff`,
    ]);
    expect(read.problems.map(({ code }) => code)).toEqual(['model.noConfig']);
    expect((await resolveModel('good', catalog)).name).toBe('Model good');
    expect((await resolveModel(join(folder.path, 'good'), catalog)).name).toBe('good');
  });

  it('is empty where there is none', async () => {
    await using folder = await temporaryFolder();
    expect(await readCatalog(join(folder.path, 'catalog.json'))).toEqual({ models: [], problems: [] });
  });
});

describe('FileHasher', () => {
  it('remembers a hash until size or time change', async () => {
    await using folder = await temporaryFolder();
    const file = await folder.write('model.onnx', 'one');
    const cache = join(folder.path, 'hashes.json');
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
    const time = new Date(2020, 1, 1);
    await utimes(file, time, time);
    expect(await new FileHasher(cache).hash(file)).toBe(hashOf('one'));
    expect(await readFile(cache, 'utf8')).toContain(hashOf('one'));
    // The same size and time: only the cache can know the old hash.
    await writeFile(file, 'two');
    await utimes(file, time, time);
    expect(await new FileHasher(cache).hash(file)).toBe(hashOf('one'));
    await utimes(file, time, new Date(2021, 1, 1));
    expect(await new FileHasher(cache).hash(file)).toBe(hashOf('two'));
  });
});
