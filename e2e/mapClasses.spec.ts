import { expect, test } from '@playwright/test';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAR, ROAD, SCENE_CLASS_NAMES } from '#core/scenes/classes.ts';
import { renderScene } from '#core/scenes/renderScene.ts';
import { writePlantedFolder, type PlantedPicture } from './planted/plantedFolder.ts';
import { writeReplayModel } from './planted/replayModel.ts';
import { disputesOf } from './planted/verdictSession.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio } from './studio.ts';

const SMALLEST = 60;
const SCENE = { seed: 662_001, width: 240, height: 180 };
/** What the student calls the classes: Road is two of them, Car has another name, the others another number. */
const FINER = ['lane', 'kerb', 'vehicle', ...SCENE_CLASS_NAMES.filter((_, id) => id !== ROAD && id !== CAR)];

test('a student of other classes is compared in those of the project once they are mapped', async () => {
  test.setTimeout(180_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-classes-'));
  const folder = await writePlantedFolder(scratch, {
    count: 1,
    ...SCENE,
    settings: { smallestDispute: SMALLEST },
  });
  const [picture] = folder.pictures as [PlantedPicture];
  const { width, height, ids } = picture.student;
  const finer = Uint8Array.from(ids, (id, n) => {
    if (id === ROAD) return n % 2;
    return id === CAR ? 2 : FINER.indexOf(SCENE_CLASS_NAMES[id]!);
  });
  await writeReplayModel(join(scratch, 'models'), {
    id: 'planted-student',
    role: 'student',
    classNames: FINER,
    pictures: [{ image: renderScene(SCENE).image, says: { width, height, ids: finer } }],
  });
  const studio = await launchStudio({ folder: folder.images, userData: folder.userData });
  try {
    const { page } = studio;
    const note = page.getByTestId('class-fit-student');
    await expect(note).toContainText("3 of the student's 12 classes are not in the project", {
      timeout: 60_000,
    });
    await expect(page.getByTestId('class-fit-teacher')).toBeHidden();
    const agreement = page.getByTestId('agreement');
    await expect(agreement).toContainText('%', { timeout: 60_000 });
    const { ids: teacher } = picture.teacher;
    const same = teacher.filter((id, n) => id === ids[n]).length / teacher.length;
    const expected = `${(same * 100).toFixed(2)}%`;
    expect((await agreement.innerText()).replace(/\s/g, '')).not.toBe(expected);

    await page.getByTestId('map-classes-student').click();
    await page.getByTestId('map-class-lane').selectOption('Road');
    await page.getByTestId('map-class-kerb').selectOption('Road');
    await expect(page.getByTestId('map-left')).toHaveText('1 left, ignored');
    await page.getByTestId('map-class-vehicle').selectOption('Car');
    await expect(page.getByTestId('map-left')).toHaveText('all have a place');
    await page.getByTestId('map-save').click();
    await expect(note).toContainText("The student's 12 classes are mapped to the project's");
    await expect.poll(async () => (await agreement.innerText()).replace(/\s/g, '')).toBe(expected);

    // The disputes are those of the classes that both have now.
    await page.keyboard.press('Alt+2');
    const rows = page.getByTestId('dispute-list').getByRole('option');
    await expect(rows).toHaveCount(disputesOf(picture, SMALLEST).size, { timeout: 60_000 });
    await expect
      .poll(async () =>
        (await readFile(join(folder.userData, 'settings.json'), 'utf8')).includes('"vehicle":'),
      )
      .toBe(true);
  } finally {
    await studio.close();
    await removeScratch(scratch);
  }
});
