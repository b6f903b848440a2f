import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { formatProblem, ProblemError } from '#core/problem.ts';
import { writeFileDurable } from './atomicFile.ts';
import { exportManifestSchema } from './exportManifest.ts';
import { FORMATS } from '#core/formats/formatRegistry.ts';
import { ownIdentity } from './processIdentity.ts';
import { runExport, type ExportSource } from './exportRunner.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

const IDS: Readonly<Record<number, number[]>> = { 1: [0, 1, 255, 1], 2: [1, 1, 1, 1], 3: [0, 0, 0, 255] };

/** Three images, of which two have the same stem in different folders. */
async function street(folder: TemporaryFolder, change: Partial<ExportSource> = {}): Promise<ExportSource> {
  const names = ['bonn/1.jpg', 'aachen/1.jpg', 'last.png'];
  for (const name of names) await folder.write(`images/${name}`, `bytes of ${name}`);
  return {
    projectName: 'street',
    imageFolder: join(folder.path, 'images'),
    classTable: createClassTable(['Sky', 'Road']),
    images: names.map((name, index) => ({ id: index + 1, name })),
    readMask: (id) =>
      Promise.resolve({
        classMap: { width: 2, height: 2, ids: Uint8Array.from(IDS[id]!) },
        origin: { kind: 'student', modelId: 'street-student', modelSha256: 'ab' },
      }),
    ...change,
  };
}

async function tree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.sort().map(async (file) => [file.slice(folder.length + 1), sha256(await readFile(file))]),
  );
  return Object.fromEntries(contents) as Record<string, string>;
}

describe('runExport', () => {
  it('writes every mask pixel for pixel, with classes and a manifest', async () => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, 'out');
    const seen: string[] = [];
    const summary = await runExport(await street(folder), {
      folder: out,
      onProgress: ({ done, total, current }) => seen.push(`${done}/${total} ${current}`),
    });
    expect(summary).toEqual({ folder: out, written: 3, total: 3, cancelled: false, problems: [] });
    expect(seen).toEqual(['0/3 bonn/1.jpg', '1/3 aachen/1.jpg', '2/3 last.png', '3/3 manifest.json']);
    expect(Object.keys(await tree(out))).toEqual([
      'classes.json',
      'manifest.json',
      'masks/aachen/1.png',
      'masks/bonn/1.png',
      'masks/last.png',
    ]);
    const bytes = await readFile(join(out, 'masks/bonn/1.png'));
    expect([...decodeMaskPng(bytes, 'mask').ids]).toEqual(IDS[1]);
    expect(JSON.parse(await readFile(join(out, 'classes.json'), 'utf8'))).toEqual({
      classes: ['Sky', 'Road'],
      void: 255,
    });
    const manifest = exportManifestSchema.parse(
      JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')),
    );
    expect(manifest.project).toBe('street');
    expect(manifest.created).toBeUndefined();
    expect(manifest.files).toEqual([
      'classes.json',
      'masks/aachen/1.png',
      'masks/bonn/1.png',
      'masks/last.png',
    ]);
    expect(manifest.images[0]).toEqual({
      image: 'bonn/1.jpg',
      mask: 'masks/bonn/1.png',
      width: 2,
      height: 2,
      source: 'student',
      modelIds: ['street-student'],
      imageSha256: sha256('bytes of bonn/1.jpg'),
      maskSha256: sha256(bytes),
    });
    expect((await readdir(folder.path)).sort()).toEqual(['images', 'out']);
  });

  it('gives the same bytes twice, and replaces an earlier export', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    const out = join(folder.path, 'out');
    await runExport(source, { folder: out });
    const first = await tree(out);
    await runExport(source, { folder: out });
    expect(await tree(out)).toEqual(first);
    await runExport({ ...source, images: source.images.slice(1) }, { folder: out });
    expect(Object.keys(await tree(out))).not.toContain('masks/bonn/1.png');
    expect((await readdir(folder.path)).sort()).toEqual(['images', 'out']);
  });

  it.runIf(existsSync('/dev/full'))(
    'keeps the earlier export when the disk fills up in the middle',
    async () => {
      await using folder = await temporaryFolder();
      const source = await street(folder);
      const out = join(folder.path, 'out');
      await runExport(source, { folder: out });
      const before = await tree(out);
      let files = 0;
      const writeFile = (path: string, content: string | Uint8Array) =>
        writeFileDurable(++files < 2 ? path : '/dev/full', content);
      const changed = { ...source, images: source.images.slice(1) };
      await expect(runExport(changed, { folder: out, writeFile })).rejects.toThrow(
        `${out}: the disk is full. The earlier export is unchanged`,
      );
      expect(await tree(out)).toEqual(before);
      expect((await readdir(folder.path)).sort()).toEqual(['images', 'out']);
    },
  );

  it('does not replace an earlier export that holds a file of the user', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    const out = join(folder.path, 'out');
    await runExport(source, { folder: out });
    await folder.write('out/masks/notes.txt', 'mine');
    await expect(runExport(source, { folder: out })).rejects.toThrow(
      'the folder holds masks/notes.txt, which no export wrote',
    );
    expect(Object.keys(await tree(out))).toContain('masks/notes.txt');
  });

  it('leaves a picture that is gone out of a pack, with its mask', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    await rename(join(source.imageFolder, 'bonn/1.jpg'), join(folder.path, 'moved.jpg'));
    const out = join(folder.path, 'out');
    const summary = await runExport(source, { folder: out, format: 'retrain' });
    expect(summary.written).toBe(2);
    expect(summary.problems.map(formatProblem)).toEqual([
      'bonn/1.jpg: the image cannot be read: it does not exist. Nothing can be trained without it: it is left out',
    ]);
    expect(await readFile(join(out, 'splits/train.txt'), 'utf8')).toBe('aachen/1\nlast\n');
    const first = await tree(out);
    await runExport(source, { folder: out, format: 'retrain' });
    expect(await tree(out)).toEqual(first);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    await using folder = await temporaryFolder();
    const stop = new AbortController();
    const out = join(folder.path, 'out');
    const summary = await runExport(await street(folder), {
      folder: out,
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 1) stop.abort();
      },
    });
    expect(summary).toEqual({ folder: out, written: 0, total: 3, cancelled: true, problems: [] });
    expect(await readdir(folder.path)).toEqual(['images']);
  });

  it('names a mask that cannot be read and an image that is gone, and goes on', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    const broken: ExportSource = {
      ...source,
      images: [...source.images, { id: 9, name: 'gone.jpg' }],
      readMask: (id) => {
        if (id === 2)
          throw new ProblemError({
            code: 'patch.corrupt',
            title: 'step 3 is damaged',
            subject: 'aachen/1.jpg',
          });
        return source.readMask(id === 9 ? 1 : id);
      },
    };
    const summary = await runExport(broken, { folder: join(folder.path, 'out') });
    expect(summary).toMatchObject({ written: 3, total: 4 });
    expect(summary.problems.map(formatProblem)).toEqual([
      'aachen/1.jpg: step 3 is damaged',
      'gone.jpg: the image cannot be read: it does not exist. Its mask is exported; the manifest has no hash of the image',
    ]);
  });

  it('takes an empty folder, and writes 16-bit masks where ids need it', async () => {
    await using folder = await temporaryFolder();
    const names = Array.from({ length: 300 }, (_, index) => `class ${index}`);
    const source = await street(folder, {
      classTable: { ...createClassTable(names), ignoreId: 65535 as never },
      readMask: () =>
        Promise.resolve({
          classMap: { width: 2, height: 2, ids: Uint16Array.from([0, 255, 299, 65535]) },
          origin: null,
        }),
    });
    await mkdir(join(folder.path, 'out'));
    await runExport(source, { folder: join(folder.path, 'out') });
    const mask = decodeMaskPng(await readFile(join(folder.path, 'out/masks/last.png')), 'mask');
    expect([...mask.ids]).toEqual([0, 255, 299, 65535]);
  });
});

describe('an export whose process was killed', () => {
  /** Ends as a kill does: nothing is tidied up. */
  const killed = async (source: ExportSource, out: string, files: number): Promise<void> => {
    const part = join(out, '..', '.out.part');
    const kept = join(out, '..', 'kept');
    let written = 0;
    const writeFile = async (path: string, content: string | Uint8Array) => {
      if (++written > files) {
        await cp(part, kept, { recursive: true });
        throw new Error('killed');
      }
      await writeFileDurable(path, content);
    };
    await expect(runExport(source, { folder: out, writeFile })).rejects.toThrow('killed');
    await rename(kept, part);
  };

  it('is continued: what was finished is not written again, and the result is the same', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    const out = join(folder.path, 'out');
    await runExport(source, { folder: join(folder.path, 'whole') });
    await killed(source, out, 2);
    const again: string[] = [];
    const writeFile = async (path: string, content: string | Uint8Array) => {
      again.push(path.slice(join(folder.path, '.out.part/').length));
      await writeFileDurable(path, content);
    };
    await runExport(source, { folder: out, writeFile });
    expect(again).toEqual(['masks/last.png', 'classes.json', 'manifest.json']);
    expect(await tree(out)).toEqual(await tree(join(folder.path, 'whole')));
    expect((await readdir(folder.path)).sort()).toEqual(['images', 'out', 'whole']);
  });

  it('is not trusted where a mask has changed since, or is gone', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    const out = join(folder.path, 'out');
    await killed(source, out, 2);
    const changed: ExportSource = {
      ...source,
      images: source.images.filter(({ id }) => id !== 2),
      readMask: async (id) => {
        const mask = await source.readMask(id);
        return id === 1 ? { ...mask, classMap: { ...mask.classMap, ids: Uint8Array.of(1, 1, 1, 0) } } : mask;
      },
    };
    await runExport(changed, { folder: out });
    expect([...decodeMaskPng(await readFile(join(out, 'masks/bonn/1.png')), 'mask').ids]).toEqual([
      1, 1, 1, 0,
    ]);
    expect(Object.keys(await tree(out))).toEqual([
      'classes.json',
      'manifest.json',
      'masks/bonn/1.png',
      'masks/last.png',
    ]);
    expect(await readdir(out)).not.toContain('.journal.jsonl');
  });

  it('is not trusted with what is about all masks: a class may have a name of the same length since', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    const out = join(folder.path, 'out');
    const named = (last: string): ExportSource => ({
      ...source,
      classTable: createClassTable(['Sky', last]),
    });
    await killed(named('Road'), out, 4);
    await runExport(named('Lane'), { folder: out });
    expect(await readFile(join(out, 'classes.json'), 'utf8')).toContain('"Lane"');
  });

  it('is left alone while another process writes there', async () => {
    await using folder = await temporaryFolder();
    const source = await street(folder);
    // The process that started this one is alive.
    const other = { ...ownIdentity(), pid: process.ppid, start: null };
    await folder.write('.out.part/.owner.json', JSON.stringify(other));
    await expect(runExport(source, { folder: join(folder.path, 'out') })).rejects.toThrow(
      `process ${process.ppid} is exporting to it. Wait for its end, or choose another folder`,
    );
    expect(await readdir(join(folder.path, '.out.part'))).toEqual(['.owner.json']);
  });
});

describe.each(FORMATS.map(({ id }) => [id] as const))('as %s', (format) => {
  it('gives the same bytes twice, and its own export can be replaced', async () => {
    await using folder = await temporaryFolder();
    const picture = encode({ width: 2, height: 2, channels: 3, depth: 8, data: new Uint8Array(12).fill(7) });
    const source = await street(folder);
    for (const { name } of source.images) await writeFile(join(folder.path, 'images', name), picture);
    const split = { by: 'random', valShare: 0.34, seed: 1 } as const;
    const out = join(folder.path, 'out');
    const summary = await runExport(source, { folder: out, format, split });
    expect(summary).toMatchObject({ written: 3, cancelled: false, problems: [] });
    const first = await tree(out);
    await runExport(source, { folder: out, format, split });
    expect(await tree(out)).toEqual(first);
    const manifest = exportManifestSchema.parse(
      JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')),
    );
    expect(manifest.format).toBe(format);
    for (const { mask, copy } of manifest.images) {
      expect(first[mask]).toBeDefined();
      if (copy !== undefined) expect(first[copy]).toBeDefined();
    }
    expect(Object.keys(first)).toEqual(['manifest.json', ...(manifest.files ?? [])].sort());
  });
});

describe('classes of the format', () => {
  it('names those that it does not have, and takes what is chosen for them', async () => {
    await using folder = await temporaryFolder();
    const source = { ...(await street(folder)), classTable: createClassTable(['Sky', 'Igloo']) };
    const options = { folder: join(folder.path, 'out'), format: 'cityscapes' } as const;
    await expect(runExport(source, options)).rejects.toThrow(
      /^Cityscapes: it has no class Igloo\. Its classes are road,/,
    );
    const summary = await runExport(source, { ...options, map: new Map([['Igloo', 'sky']]) });
    expect(summary.problems.map(({ title }) => title)).toContain('Sky and Igloo become one class there: sky');
  });
});
