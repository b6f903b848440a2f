import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import type { ClassEdit } from '#core/labels/classEdit.ts';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { countClasses, editClasses } from './classEditor.ts';
import { Project } from './project.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

/* Three images of two pixels each; the third has no mask. */

const TABLE = createClassTable(['Sky', 'Tree', 'Bush']);
const [SKY, TREE, BUSH, IGNORE] = [classId(0), classId(1), classId(2), classId(255)];

let folder: TemporaryFolder;
let project: Project;

async function open(): Promise<void> {
  const image = (name: string) => ({ name, bytes: 1, mtimeMs: 1, width: 2, height: 1, problem: null });
  const images = ['a.jpg', 'b.jpg', 'c.jpg'].map(image);
  const listing = { folder: folder.path, chosen: folder.path, images, problems: [] };
  project = await Project.open(listing, { projectsFolder: join(folder.path, 'projects'), classTable: TABLE });
}

beforeEach(async () => {
  folder = await temporaryFolder();
  await open();
  paint(1, [255, 255], [BUSH, SKY]);
  paint(1, [BUSH, SKY], [BUSH, BUSH]);
  paint(2, [255, 255], [SKY, BUSH]);
  paint(2, [SKY, BUSH], [SKY, SKY]);
});

afterEach(async () => {
  project.close();
  await folder[Symbol.asyncDispose]();
});

const row = (ids: readonly number[]) => ({ width: 2, height: 1, ids: Uint8Array.from(ids) });

function paint(imageId: number, before: readonly number[], after: readonly number[]): void {
  const patch = encodePatch(patchBetween(row(before), row(after))!).slice();
  project.store.commitStep({ imageId, width: 2, height: 1, label: 'Brush', patch, origin: null });
}

const pixels = (imageId: number) => [...(project.store.openMask(imageId)?.ids ?? [])];
const names = () => project.classTable.classes.map(({ name }) => name);
const merge: ClassEdit = { kind: 'merge', sources: [BUSH], target: TREE };

describe('the classes of a project', () => {
  it('are counted over every mask', async () => {
    const told: number[] = [];
    const usage = await countClasses(project.store, {
      onProgress: ({ done, total }) => told.push(done, total),
    });
    expect(usage.masks).toEqual([[[BUSH, 2]], [[SKY, 2]]]);
    expect(told).toEqual([0, 2, 1, 2, 2, 2]);
  });

  it('are merged in every mask in one step, and come back in one', async () => {
    expect(await editClasses(project, merge)).toMatchObject({
      imageIds: [1, 2],
      label: 'Merge Bush into Tree',
    });
    expect([pixels(1), pixels(2), pixels(3)]).toEqual([[TREE, TREE], [SKY, SKY], []]);
    expect(names()).toEqual(['Sky', 'Tree']);
    project.close();
    await open();
    expect(names()).toEqual(['Sky', 'Tree']);
    // A mask without such a pixel has the step, too: before it lie steps with the class that is gone.
    project.moveStep(2, 'undo');
    expect(names()).toEqual(['Sky', 'Tree', 'Bush']);
    expect([pixels(1), pixels(2)]).toEqual([
      [BUSH, BUSH],
      [SKY, SKY],
    ]);
    project.moveStep(2, 'undo');
    expect(pixels(2)).toEqual([SKY, BUSH]);
    project.moveStep(2, 'redo');
    project.moveStep(1, 'redo');
    expect([names(), pixels(1)]).toEqual([
      ['Sky', 'Tree'],
      [TREE, TREE],
    ]);
  });

  it('go into ignore, and the ignore index goes to another number', async () => {
    await editClasses(project, { kind: 'merge', sources: [BUSH], target: IGNORE });
    expect(pixels(1)).toEqual([255, 255]);
    await editClasses(project, { kind: 'ignore', id: classId(11) });
    expect(pixels(1)).toEqual([11, 11]);
    expect(project.classTable.ignoreId).toBe(11);
  });

  it('are removed only where no mask has them', async () => {
    await expect(editClasses(project, { kind: 'remove', id: BUSH })).rejects.toThrow(
      expect.objectContaining({
        message: 'Bush: 1 mask has pixels of it. Merge it into another class, or into ignore',
      }),
    );
    await editClasses(project, { kind: 'remove', id: TREE });
    expect(names()).toEqual(['Sky', 'Bush']);
  });

  it('stay as they were chosen by hand when a project without masks is opened again', async () => {
    for (const imageId of [1, 2]) while (project.moveStep(imageId, 'undo'));
    await editClasses(project, { kind: 'add', name: 'Car' });
    await editClasses(project, { kind: 'recolour', id: SKY, colour: [1, 2, 3] });
    project.close();
    await open();
    expect(names()).toEqual(['Sky', 'Tree', 'Bush', 'Car']);
    expect(project.classTable.classes[0]?.colour).toEqual([1, 2, 3]);
  });

  it('are those of ground truth without a classes.json as they were, not as they are', async () => {
    const palette = () => [0, 0, 0] as const;
    await folder.write('masks/a.png', encodeIndexedPng(row([BUSH, TREE]), { palette, maxId: 255 }));
    project.close();
    await open();
    await editClasses(project, merge);
    await editClasses(project, { kind: 'rename', id: TREE, name: 'Green' });
    expect([...(await project.readTruth(1))!.ids]).toEqual([TREE, TREE]);
  });

  it('are all or none of them changed when it is cancelled', async () => {
    const abort = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 1 && abort.abort();
    await expect(editClasses(project, merge, { signal: abort.signal, onProgress })).rejects.toThrow();
    expect(names()).toEqual(['Sky', 'Tree', 'Bush']);
    expect(pixels(1)).toEqual([BUSH, BUSH]);
  });
});
