import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClassTable } from '#core/labels/classTable.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { formatProblem, ProblemError } from '#core/problem.ts';
import { runExport } from './exportRunner.ts';
import { listImageFolder } from './imageFolder.ts';
import { Project } from './project.ts';
import { openProjectForExport } from './projectExport.ts';
import { greyPngBytes, pngBytes } from './testing/imageBytes.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

const table = createClassTable(['Sky', 'Road']);
const projectsOf = (folder: TemporaryFolder) => join(folder.path, 'projects');

async function openProject(folder: TemporaryFolder, path = 'street'): Promise<Project> {
  const listing = await listImageFolder(join(folder.path, path));
  return Project.open(listing, { projectsFolder: projectsOf(folder), classTable: table });
}

/** Paints an image of 2 x 1 pixels. */
function paint(project: Project, imageId: number, ids: readonly [number, number]): void {
  const size = { width: 2, height: 1 };
  const before = { ...size, ids: Uint8Array.from([255, 255]) };
  const patch = encodePatch(patchBetween(before, { ...size, ids: Uint8Array.from(ids) })!).slice();
  project.store.commitStep({ imageId, ...size, label: 'Brush Road', patch, origin: null });
}

it('keeps masks between openings, and writes nothing into the folder', async () => {
  await using folder = await temporaryFolder();
  await folder.write('street/images/a.png', pngBytes(2, 1));
  await folder.write('street/images/b.jpg', 'no image');
  const first = await openProject(folder);
  paint(first, 1, [1, 0]);
  first.close();
  const again = await openProject(folder, 'street/images');
  const summary = again.summary();
  expect(summary).toMatchObject({
    name: 'street',
    folder: join(folder.path, 'street/images'),
    truthFolder: null,
    classTable: table,
    problems: [],
    readOnly: false,
  });
  expect(
    summary.images.map(({ name, width, hasMask, hasTruth, problem }) => [
      name,
      width,
      hasMask,
      hasTruth,
      problem?.code,
    ]),
  ).toEqual([
    ['a.png', 2, true, false, undefined],
    ['b.jpg', 0, false, false, 'image.notAnImage'],
  ]);
  expect(summary.images[0]!.url).toBe(`studio://app/image/${summary.id}/1`);
  expect(again.imageName(1)).toBe('a.png');
  expect(again.imageName(3)).toBeNull();
  expect([...again.store.openMask(1)!.ids]).toEqual([1, 0]);
  again.close();
  expect((await readdir(join(folder.path, 'street'), { recursive: true })).sort()).toEqual([
    'images',
    'images/a.png',
    'images/b.jpg',
  ]);
});

it('takes its classes from the ground truth until it has masks', async () => {
  await using folder = await temporaryFolder();
  await folder.write('street/a.png', pngBytes(2, 1));
  await folder.write('street/classes.json', '{"classes": ["Road", "Sky", "Car"]}');
  await folder.write('street/masks/a.png', greyPngBytes(2, 1, [2, 0]));
  const first = await openProject(folder);
  expect(first.classTable.classes.map(({ name }) => name)).toEqual(['Road', 'Sky', 'Car']);
  expect([...(await first.readTruth(1))!.ids]).toEqual([2, 0]);
  paint(first, 1, [2, 0]);
  first.close();
  await writeFile(join(folder.path, 'street/classes.json'), '{"classes": ["Car", "Road", "Sky"]}');
  const again = await openProject(folder);
  expect(again.classTable.classes.map(({ name }) => name)).toEqual(['Road', 'Sky', 'Car']);
  // The file's 2 is Sky now, which is class 1 of the project; its 0 is Car, class 2.
  expect([...(await again.readTruth(1))!.ids]).toEqual([1, 2]);
  again.close();
});

it('remembers the ground truth chosen by hand, and says when it is gone', async () => {
  await using folder = await temporaryFolder();
  await folder.write('street/a.png', pngBytes(2, 1));
  await folder.write('elsewhere/a.png', greyPngBytes(2, 1, [1, 1]));
  const elsewhere = join(folder.path, 'elsewhere');
  const first = await openProject(folder);
  expect(await first.readTruth(1)).toBeNull();
  await first.chooseTruth(elsewhere);
  first.close();
  const second = await openProject(folder);
  expect(second.summary().truthFolder).toBe(elsewhere);
  expect([...(await second.readTruth(1))!.ids]).toEqual([1, 1]);
  second.close();
  await rm(elsewhere, { recursive: true });
  const third = await openProject(folder);
  expect(third.summary()).toMatchObject({ truthFolder: null });
  expect(third.summary().problems.map(formatProblem)).toEqual([
    `${elsewhere}: the ground-truth folder chosen for this project is not there. Choose it again, or put it back`,
  ]);
  third.close();
});

it('opens without its ground truth where that cannot be read', async () => {
  await using folder = await temporaryFolder();
  await folder.write('street/a.png', pngBytes(2, 1));
  await mkdir(join(folder.path, 'street/masks'));
  await folder.write('street/masks/classes.json', '{"classes": 3}');
  const project = await openProject(folder);
  expect(project.summary().truthFolder).toBeNull();
  expect(project.summary().problems.map(formatProblem)).toEqual([
    `${join(folder.path, 'street/masks/classes.json')}: "classes" must be a list of names. It looks like {"classes": ["Sky", "Building"], "void": 11}`,
  ]);
  project.close();
});

it('is exported from its file or its folder, also while it is open', async () => {
  await using folder = await temporaryFolder();
  await folder.write('street/images/a.png', pngBytes(2, 1));
  const project = await openProject(folder);
  paint(project, 1, [1, 0]);
  for (const path of [project.place.file, join(folder.path, 'street'), join(folder.path, 'street/images')]) {
    const { source, close } = await openProjectForExport(path, projectsOf(folder));
    expect(source).toMatchObject({
      projectName: 'street',
      classTable: table,
      images: [{ id: 1, name: 'a.png' }],
    });
    const summary = await runExport(source, { folder: join(folder.path, 'out') });
    expect(summary).toMatchObject({ written: 1, problems: [] });
    close();
  }
  project.close();
});

it('says that a folder has no project yet, and that a path is neither', async () => {
  await using folder = await temporaryFolder();
  await folder.write('street/a.png', pngBytes(2, 1));
  const street = join(folder.path, 'street');
  const open = (path: string) => openProjectForExport(path, projectsOf(folder));
  await expect(open(street)).rejects.toThrow(
    `${street}: this folder has no project yet. Open it in the studio and correct a mask first`,
  );
  await expect(open('/nowhere.dynaseg')).rejects.toThrow(
    '/nowhere.dynaseg: there is no such project file or folder of images. Name a .dynaseg file, or the folder of images that was opened in the studio',
  );
});

it('is read-only in the second window, which says who holds it', async () => {
  await using folder = await temporaryFolder();
  await folder.write('street/a.png', pngBytes(2, 1));
  const first = await openProject(folder);
  paint(first, 1, [1, 0]);
  const second = await openProject(folder);
  expect(second.summary()).toMatchObject({ readOnly: true, images: [{ hasMask: true }] });
  expect(second.summary().problems).toMatchObject([{ code: 'project.held', severity: 'note' }]);
  expect(second.summary().problems[0]!.detail).toMatch(/Opened read-only here: edits are not stored$/);
  expect(() => paint(second, 1, [0, 0])).toThrow(ProblemError);
  second.close();
  first.close();
});
