import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { writeScenes } from './commands/scenes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SECONDS = 1000;
let folder: string;

/** The command as a script calls it. */
function dynaseg(...args: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'cli/dynaseg.mjs'), ...args],
      { cwd: ROOT },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynaseg-cli-'));
  await writeScenes({ out: folder, count: 2, seed: 88_001, width: 160, height: 120, format: 'jpg' });
});

afterAll(() => rm(folder, { recursive: true }));

const evaluation = z.object({
  miou: z.number().min(0).max(1),
  iou: z.record(z.string(), z.number().min(0).max(1).nullable()),
  pixelAccuracy: z.number().min(0).max(1),
  images: z.number(),
  msPerImage: z.number().positive(),
  gmacs: z.number().positive(),
  problems: z.array(z.object({ code: z.string() })),
});

test(
  'evaluate --json prints one object on stdout and its progress on stderr',
  { timeout: 120 * SECONDS },
  async () => {
    const paths = ['--images', join(folder, 'images'), '--masks', join(folder, 'masks')];
    const { code, stdout, stderr } = await dynaseg(
      'evaluate',
      '--model',
      'segformer-b0-street',
      ...paths,
      '--json',
    );
    expect(code).toBe(0);
    const result = evaluation.parse(JSON.parse(stdout));
    expect(result.images).toBe(2);
    expect(Object.keys(result.iou)).toHaveLength(11);
    expect(result.pixelAccuracy).toBeGreaterThan(0.5);
    expect(stderr).toContain('evaluated 2/2 scene_00002.jpg');
  },
);

test(
  'an image without a mask is named, the others are measured, and the exit code is 1',
  { timeout: 120 * SECONDS },
  async () => {
    await writeFile(
      join(folder, 'images', 'alone.jpg'),
      await readFile(join(folder, 'images', 'scene_00001.jpg')),
    );
    const model = join(ROOT, 'models', 'dynasegformer-b0-street-k70');
    const paths = ['--images', join(folder, 'images'), '--masks', join(folder, 'masks')];
    const { code, stdout, stderr } = await dynaseg('evaluate', '--model', model, ...paths, '--json');
    expect(code).toBe(1);
    expect(evaluation.parse(JSON.parse(stdout))).toMatchObject({
      images: 2,
      problems: [{ code: 'truth.missing' }],
    });
    expect(stderr).toContain('error: alone.jpg: it has no mask');
  },
);

/** The embedded student under other class names: its Road is two names' job, and it has no Sky. */
async function renamedStudent(): Promise<string> {
  const source = join(ROOT, 'models', 'dynasegformer-b0-street-k70');
  const renamed = join(folder, 'renamed-student');
  await cp(source, renamed, { recursive: true });
  const file = join(renamed, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as { id2label: Record<string, string> };
  const names: Record<string, string> = { Sky: 'heaven', Road: 'lane', Pavement: 'sidewalk' };
  const id2label = Object.fromEntries(
    Object.entries(config.id2label).map(([id, name]) => [id, names[name] ?? name]),
  );
  await writeFile(file, JSON.stringify({ ...config, id2label }));
  const card = JSON.parse(await readFile(join(renamed, 'card.json'), 'utf8')) as object;
  await writeFile(join(renamed, 'card.json'), JSON.stringify({ ...card, id: 'renamed-student' }));
  return renamed;
}

test(
  'models of different classes are compared and evaluated through --map, in the same figures',
  { timeout: 240 * SECONDS },
  async () => {
    const student = await renamedStudent();
    const images = join(folder, 'images');
    const compared = async (name: string, ...args: string[]) => {
      const out = join(folder, name);
      const { code, stdout, stderr } = await dynaseg(
        'compare',
        images,
        '--out',
        out,
        '--json',
        '--threads',
        '1',
        ...args,
      );
      return { code, stderr, summary: code === 2 ? null : comparison.parse(JSON.parse(stdout)), out };
    };
    const refused = await compared('refused', '--student', student);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'renamed-student: its classes heaven, lane, sidewalk are none of Sky, Building,',
    );
    expect(refused.stderr).toContain('--map "heaven=..."');
    const typo = await compared('typo', '--student', student, '--map', 'havn=Sky');
    expect(typo.stderr).toContain('havn');
    expect(typo.code).toBe(2);

    const plain = await compared('plain');
    const maps = ['--map', 'heaven=Sky', '--map', 'lane=Road', '--map', 'sidewalk=Pavement'];
    const mapped = await compared('mapped', '--student', student, ...maps);
    expect(mapped.summary!.equalShare).toBe(plain.summary!.equalShare);
    expect(mapped.summary!.classes).toEqual(plain.summary!.classes);
    expect(mapped.summary!.mapped!.student.map).toEqual({
      heaven: 'Sky',
      lane: 'Road',
      sidewalk: 'Pavement',
    });

    const paths = ['--images', images, '--masks', join(folder, 'masks'), '--json'];
    const models = ['--model', 'segformer-b0-street', '--model', student];
    const merged = ['--map', 'lane=Road', '--map', 'sidewalk=Road'];
    const { stdout, stderr } = await dynaseg('evaluate', ...models, ...paths, ...merged);
    expect(stderr).toContain('renamed-student: its class heaven is ignored');
    const [teacher, other] = evaluated
      .parse(JSON.parse(stdout))
      .contestants.map(({ quality }) =>
        Object.fromEntries(quality.classes.map(({ name, iou }) => [name, iou])),
      );
    expect(teacher!.Sky).toBeGreaterThan(0.5);
    // Nobody says Sky or Pavement any more; the road has what was said of both.
    expect([other!.Sky, other!.Pavement]).toEqual([0, 0]);
    expect(other!.Road).toBeGreaterThan(0.3);
  },
);

const evaluated = z.object({
  contestants: z.array(
    z.object({
      quality: z.object({ classes: z.array(z.object({ name: z.string(), iou: z.number().nullable() })) }),
    }),
  ),
});

const comparison = z.object({
  equalShare: z.number(),
  classes: z.array(z.unknown()),
  mapped: z.object({ student: z.object({ map: z.record(z.string(), z.string()) }) }).optional(),
});

test(
  'compare refuses to write into a folder with files of somebody else',
  { timeout: 60 * SECONDS },
  async () => {
    const before = await readdir(folder);
    const { code, stderr } = await dynaseg('compare', join(folder, 'images'), '--out', folder);
    expect(code).toBe(2);
    expect(stderr).toContain('which is not of an earlier report. Choose a new folder');
    expect(await readdir(folder)).toEqual(before);
  },
);

test.each([
  [
    ['evaluate', '--model', 'nope', '--images', '.', '--masks', '.'],
    'error: nope: neither a model of the catalogue nor a model folder',
  ],
  [['evaluate', '--model', 'nope'], "error: required option '--images <folder>' not specified"],
  [
    ['scenes', '--out', 'x', '--size', '5'],
    '"5" is not a size. Write height x width in pixels, for example 360x480.',
  ],
  [
    ['export', 'no-such-project', '--out', 'x'],
    'no-such-project: there is no such project file or folder of images',
  ],
])('%j cannot run: exit code 2', { timeout: 60 * SECONDS }, async (args, message) => {
  const { code, stdout, stderr } = await dynaseg(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});
