import type { FuzzRandom } from '#core/fuzz/fuzzRandom.ts';
import { mutateBytes } from '#core/fuzz/mutateBytes.ts';
import { HOSTILE_NAMES, mutateJson } from '#core/fuzz/mutateJson.ts';
import { parseShard } from '#core/evaluation/shardFile.ts';
import { parseClassesJson } from '#core/formats/classesJson.ts';
import { FORMATS, recogniseFormat } from '#core/formats/formatRegistry.ts';
import type { FormatFiles } from '#core/formats/maskFormat.ts';
import { maskOf, memoryFiles, writeMasks } from '#core/formats/testing/memoryFolder.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { ProblemError } from '#core/problem.ts';
import { parseReport } from '#core/report/evaluationReport.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readManifest } from '../../main/node/exportManifest.ts';
import { readModelFolder } from '../../main/node/modelFolder.ts';
import { readSettings } from '../../main/node/settingsFile.ts';
import { tinyOnnx, TINY_CONFIG } from '../../main/node/testing/modelFolder.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';

type Files = Record<string, Uint8Array>;

const CLASSES = ['road', 'sky', 'car', 'person', 'tree'];
const TEXT = /\.(json|jsonl|txt|yaml|yml|csv)$/;

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Every format as it is written, one folder each. */
async function writtenFormats(): Promise<Files[]> {
  const classTable = createClassTable(CLASSES);
  const masks = [
    { name: 'bonn/a_000000_000001.jpg', classMap: maskOf('0011', '2233', '44..'), split: 'train' as const },
    { name: 'bonn/b_000000_000002.jpg', classMap: maskOf('4444', '0..0', '1111'), split: 'val' as const },
  ];
  const written: Files[] = [];
  for (const format of FORMATS) {
    try {
      written.push(await writeMasks(format, masks, classTable));
    } catch (error) {
      // Some have classes of their own.
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return written;
}

function damageText(content: Uint8Array, name: string, random: FuzzRandom): Uint8Array {
  const text = new TextDecoder().decode(content);
  if (random.chance(10)) return mutateBytes(content, random);
  if (name.endsWith('.json')) return utf8(mutateJson(text, random));
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at]!;
  if (line.startsWith('{')) lines[at] = mutateJson(line, random).replaceAll('\n', ' ');
  else if (random.chance(50)) lines[at] = random.pick(HOSTILE_NAMES);
  else lines.splice(at, 1, line, line);
  return utf8(lines.join('\n'));
}

/** As on a disk: a file that is not there is told of. */
function folderOf(files: Files): FormatFiles {
  const memory = memoryFiles(files);
  return {
    names: memory.names,
    read: (name) => {
      if (memory.names.includes(name)) return memory.read(name);
      return Promise.reject(
        new ProblemError({ code: 'import.unreadable', title: 'is not there', subject: name }),
      );
    },
  };
}

/** A folder of masks with one file damaged: recognised, opened, and every mask of it read. */
async function readFormat(seeds: readonly Files[], random: FuzzRandom, attempts: Attempts): Promise<void> {
  const files = { ...random.pick(seeds) };
  const names = Object.keys(files);
  const texts = names.filter((name) => TEXT.test(name));
  const name = random.pick(texts.length > 0 ? texts : names);
  if (random.chance(10)) {
    files[random.pick(HOSTILE_NAMES) + name] = files[name]!;
    Reflect.deleteProperty(files, name);
  } else if (TEXT.test(name)) files[name] = damageText(files[name]!, name, random);
  else files[name] = mutateBytes(files[name]!, random);
  await attempts.read(async () => {
    const folder = folderOf(files);
    const { format } = await recogniseFormat(folder, 'fuzzed');
    const set = await format.open(folder);
    for (const entry of set.entries) await attempts.read(() => entry.read());
    set.suspect?.(new Map(CLASSES.map((name) => [name, 1])));
  });
}

const MODEL_FILES: Readonly<Record<string, object>> = {
  'config.json': TINY_CONFIG,
  'preprocessor_config.json': {
    do_resize: true,
    size: { height: 64, width: 64 },
    image_mean: [0.4, 0.5, 0.6],
    image_std: [0.1, 0.2, 0.3],
    rescale_factor: 0.0039,
    do_reduce_labels: false,
    resample: 2,
  },
  'card.json': { id: 'tiny', name: 'Tiny', role: 'student', classes: CLASSES.slice(0, 2), licence: 'MIT' },
  'hub.json': {
    version: 1,
    repository: 'acme/streets',
    revision: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    endpoint: 'https://huggingface.co',
    licence: null,
  },
  'dynaseg.json': { classes: ['sky', 'road'], input: { layout: 'NCHW', mean: [0, 0, 0], std: [1, 1, 1] } },
};

/** A model folder with one of its JSON files damaged. */
async function readModel(folder: string, random: FuzzRandom, attempts: Attempts): Promise<void> {
  const model = join(folder, 'model');
  await mkdir(join(model, 'onnx'), { recursive: true });
  await writeFile(join(model, 'onnx', 'model.onnx'), tinyOnnx());
  const damaged = random.pick(Object.keys(MODEL_FILES));
  for (const [name, content] of Object.entries(MODEL_FILES)) {
    const text = JSON.stringify(content);
    await writeFile(join(model, name), name === damaged ? mutateJson(text, random) : text);
  }
  await attempts.read(() => readModelFolder(model));
}

const SETTINGS = { version: 1, theme: 'light', hotkeys: { 'mask.undo': 'Ctrl+Z' }, backend: 'wasm' };
const MANIFEST = {
  version: 2,
  generator: 'DynaSeg Studio',
  format: 'png',
  project: 'p',
  classTable: createClassTable(CLASSES),
  images: [{ image: 'a.jpg', mask: 'masks/a.png', width: 4, height: 3, source: null, modelIds: [], imageSha256: null, maskSha256: null }], // prettier-ignore
};

/** Small files: those that are read with a schema and either taken, refused, or left out. */
async function readSmall(folder: string, random: FuzzRandom, attempts: Attempts): Promise<void> {
  const path = join(folder, 'small', 'file.json');
  await mkdir(dirname(path), { recursive: true });
  const damaged = (value: object) => mutateJson(JSON.stringify(value), random);
  switch (random.below(5)) {
    case 0:
      return attempts.read(() =>
        parseClassesJson(damaged({ classes: CLASSES, void: 11, ids: [0, 1, 2, 3, 4] })),
      );
    case 1:
      return attempts.read(() =>
        parseReport(damaged({ version: 1, contestants: [{ id: 'a' }], images: [] }), 'fuzzed'),
      );
    case 2:
      return attempts.read(() => parseShard(`${damaged({ version: 1, plan: {}, images: ['a'] })}\n{"image":"a"}\n`, 'fuzzed')); // prettier-ignore
    case 3:
      await writeFile(path, damaged(SETTINGS));
      return attempts.read(() => readSettings(path));
    default:
      await writeFile(path, damaged(MANIFEST));
      return attempts.read(() => readManifest(path));
  }
}

export function jsonTarget(): FuzzTarget {
  let seeds: readonly Files[] = [];
  return {
    prepare: async () => {
      seeds = await writtenFormats();
    },
    async run(random, folder) {
      const attempts = new Attempts();
      const which = random.below(10);
      if (which < 7) await readFormat(seeds, random, attempts);
      else if (which < 8) await readModel(folder, random, attempts);
      else await readSmall(folder, random, attempts);
      return attempts.accepted;
    },
  };
}
