import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClassTable } from '#core/labels/classTable.ts';
import { formatProblem } from '#core/problem.ts';
import { greyPngBytes } from './testing/imageBytes.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';
import { findTruthFolder, TruthFolder } from './truthFolder.ts';

const table = createClassTable(['Sky', 'Road', 'Car']);
const image = (name: string) => ({ name, width: 2, height: 2 });

describe('findTruthFolder', () => {
  it('finds masks beside the images folder or inside the folder', async () => {
    await using folder = await temporaryFolder();
    const chosen = join(folder.path, 'a');
    for (const path of ['a/images', 'a/masks', 'b/images', 'c'])
      await mkdir(join(folder.path, path), { recursive: true });
    expect(await findTruthFolder(join(chosen, 'images'), chosen)).toBe(join(chosen, 'masks'));
    expect(await findTruthFolder(join(chosen, 'images'), join(chosen, 'images'))).toBe(join(chosen, 'masks'));
    expect(await findTruthFolder(chosen, chosen)).toBe(join(chosen, 'masks'));
    expect(await findTruthFolder(join(folder.path, 'b/images'), join(folder.path, 'b/images'))).toBeNull();
    // Beside a folder that is not called images lies someone else's.
    expect(await findTruthFolder(join(folder.path, 'c'), join(folder.path, 'c'))).toBeNull();
  });
});

describe('TruthFolder', () => {
  it('finds a mask by the path, and by the name alone where that is unique', async () => {
    await using folder = await temporaryFolder();
    for (const name of ['bonn/1.png', 'aachen/1.png', '2.PNG']) {
      await folder.write(`masks/${name}`, greyPngBytes(2, 2, [0, 0, 0, 0]));
    }
    const truth = await TruthFolder.open(join(folder.path, 'masks'));
    expect(truth.maskOf('bonn/1.jpg')).toBe(join(folder.path, 'masks/bonn/1.png'));
    expect(truth.maskOf('ulm/2.jpg')).toBe(join(folder.path, 'masks/2.PNG'));
    expect(truth.maskOf('ulm/1.jpg')).toBeNull();
    expect(truth.maskOf('3.jpg')).toBeNull();
    expect(truth.mismatch(['ulm/1.jpg', '2.jpg'])).toBeNull();
    expect(formatProblem(truth.mismatch(['x.jpg'])!)).toBe(
      `${truth.folder}: none of its masks has the name of an image. 3 PNG files, 1 images. A mask has the name of its image with the ending .png`,
    );
  });

  it('tells images apart that have one stem, as an export names their masks', async () => {
    await using folder = await temporaryFolder();
    for (const name of ['a.jpg.png', 'a.bmp.png', 'b.png']) {
      await folder.write(`masks/${name}`, greyPngBytes(2, 2, [0, 0, 0, 0]));
    }
    const truth = await TruthFolder.open(join(folder.path, 'masks'));
    const found = ['a.jpg', 'a.bmp', 'b.jpg', 'ulm/a.bmp', 'a.webp'].map((name) => truth.maskOf(name));
    const path = (name: string) => join(folder.path, 'masks', name);
    expect(found).toEqual([path('a.jpg.png'), path('a.bmp.png'), path('b.png'), path('a.bmp.png'), null]);
  });

  it('reads undeclared masks as ids of the table: 255 and the value after the last class are ignored', async () => {
    await using folder = await temporaryFolder();
    await folder.write('masks/a.png', greyPngBytes(2, 2, [0, 2, 3, 255]));
    const truth = await TruthFolder.open(join(folder.path, 'masks'));
    const mask = await truth.read(image('a.jpg'), table);
    expect([...mask!.ids]).toEqual([0, 2, 255, 255]);
    expect(await truth.read(image('b.jpg'), table)).toBeNull();
  });

  it('matches declared classes by name, and says which the project does not have', async () => {
    await using folder = await temporaryFolder();
    await folder.write('classes.json', '{"classes": ["car", "Sky", "Bus"], "void": 9}');
    await folder.write('val/masks/a.png', greyPngBytes(2, 2, [0, 1, 2, 9]));
    const truth = await TruthFolder.open(join(folder.path, 'val/masks'));
    const mask = await truth.read(image('a.jpg'), table);
    expect([...mask!.ids]).toEqual([2, 0, 255, 255]);
    expect(mask!.problems.map(formatProblem)).toEqual([
      'mask a.png: the project has no class Bus: those pixels are ignored',
    ]);
  });
});
