import { expect, test, type Page } from '@playwright/test';
import { decode } from 'fast-png';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heatColour } from '#core/imaging/heatMap.ts';
import { SCENE_CLASS_NAMES } from '#core/scenes/classes.ts';
import { writeBrokenStudent } from './planted/brokenStudent.ts';
import { writePlantedFolder, type PlantedPicture } from './planted/plantedFolder.ts';
import { LOGIT } from './planted/replayModel.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, stageGeometry } from './studio.ts';

const SIZE = { width: 240, height: 180 };
const STUDENT_LOGIT = 2;
/** Of the layer over the grey picture, whose channels are at most so much. */
const OPACITY = 0.8;
const BRIGHTEST_GREY = 0.46 * 255;

/** Softmax of logits that are 0 but for one class. */
function chances(said: number, logit: number): number[] {
  const raised = SCENE_CLASS_NAMES.map((_, id) => Math.exp(id === said ? logit : 0));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((one) => one / sum);
}

/** KL(teacher || student), in nats, by its definition. */
function divergence(teacher: number, student: number): number {
  const p = chances(teacher, LOGIT);
  const q = chances(student, STUDENT_LOGIT);
  return p.reduce((sum, chance, id) => sum + chance * Math.log(chance / q[id]!), 0);
}

const agreed = divergence(0, 0);
const disputed = divergence(0, 1);

/** Pixels whose neighbours are like them, so that nothing hangs on where a screen pixel falls. */
function plainPixels({ teacher, student }: PlantedPicture, differ: boolean): { x: number; y: number }[] {
  const differs = (x: number, y: number): boolean =>
    teacher.ids[y * SIZE.width + x] !== student.ids[y * SIZE.width + x];
  const found: { x: number; y: number }[] = [];
  for (let y = 1; y < SIZE.height - 1; y++) {
    for (let x = 1; x < SIZE.width - 1; x++) {
      const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => differs(x + dx, y + dy)));
      if (around.every((one) => one === differ)) found.push({ x, y });
    }
  }
  return found.filter((_, n) => n % Math.ceil(found.length / 40) === 0);
}

async function expectColours(page: Page, pixels: readonly { x: number; y: number }[], level: number) {
  const colour = heatColour(level / 255);
  const stage = page.getByTestId('stage-student');
  const geometry = await stageGeometry(page, 'stage-student');
  const corner = (await stage.boundingBox())!;
  const { data, width, channels } = decode(await stage.screenshot());
  expect(pixels.length).toBeGreaterThan(10);
  for (const { x, y } of pixels) {
    const at = geometry.toPage(x + 0.5, y + 0.5);
    const start = ((at.y - Math.round(corner.y)) * width + (at.x - Math.round(corner.x))) * channels;
    const shown = [...data.slice(start, start + 3)];
    shown.forEach((value, channel) => {
      const least = OPACITY * colour[channel]!;
      expect(value, `${x}, ${y}: ${shown.join(' ')}`).toBeGreaterThanOrEqual(least - 3);
      expect(value, `${x}, ${y}: ${shown.join(' ')}`).toBeLessThanOrEqual(
        least + (1 - OPACITY) * BRIGHTEST_GREY + 3,
      );
    });
  }
}

test('the heat layer shows the divergence of the softmaxes, pixel by pixel, and goes again', async () => {
  test.setTimeout(240_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-heat-'));
  const folder = await writePlantedFolder(scratch, {
    ...{ count: 1, seed: 31_007, studentLogit: STUDENT_LOGIT },
    ...SIZE,
  });
  const studio = await launchStudio({ folder: folder.images, userData: folder.userData });
  const { page } = studio;
  try {
    for (const slot of ['teacher', 'student']) {
      await expect(page.getByTestId(`footer-${slot}`)).toHaveAttribute('data-status', 'done', {
        timeout: 60_000,
      });
    }
    await expect(page.getByTestId('heat-source')).toHaveValue('off');
    const [picture] = folder.pictures;
    const { teacher, student } = picture!;
    await page.keyboard.press('m');
    const key = page.getByTestId('heat-key');
    await expect(key).toContainText('nats');
    await expect(page.getByTestId('heat-source')).toHaveValue('divergence');
    expect(Number(await key.getAttribute('data-largest'))).toBeCloseTo(disputed, 5);
    const all = [...teacher.ids].reduce((sum, id, n) => sum + divergence(id, student.ids[n]!), 0);
    expect(Number(await key.getAttribute('data-mean'))).toBeCloseTo(all / teacher.ids.length, 5);
    // The legend lies over the top: what is under it is not looked at.
    const below = ({ y }: { y: number }): boolean => y > SIZE.height / 4;
    await expectColours(page, plainPixels(picture!, true).filter(below), 255);
    const level = Math.round(255 * Math.sqrt(agreed / disputed));
    await expectColours(page, plainPixels(picture!, false).filter(below), level);

    // No SegFormers: their stages cannot be told apart, and that is said.
    await page.getByTestId('heat-source').selectOption('stage.1');
    await expect(page.getByTestId('heat-problem')).toContainText('its stages cannot be told apart');
    await page.getByTestId('heat-source').selectOption('off');
    await expect(page.getByTestId('heat-problem')).toHaveCount(0);
    await expect(key).toHaveCount(0);
  } finally {
    await studio.close();
  }
  await removeScratch(scratch);
});

test('the heat of the stages is none before the layer that was broken, and begins at its stage', async () => {
  test.setTimeout(240_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-stages-'));
  const folder = join(scratch, 'street');
  const userData = join(scratch, 'user');
  await mkdir(folder);
  await mkdir(userData);
  await copyScenes(folder, ['scene_00002']);
  const broken = await writeBrokenStudent(join(scratch, 'broken'), 'gate.2.0.ffn');
  await writeFile(join(userData, 'models.json'), JSON.stringify({ version: 1, folders: [broken] }));
  // The same student, whole, is the teacher: whatever differs comes of the gate.
  const chosen = { teacherId: 'dynasegformer-b0-street-k70', studentId: 'broken', backend: 'wasm' };
  await writeFile(join(userData, 'settings.json'), JSON.stringify({ version: 1, ...chosen }));
  const studio = await launchStudio({ folder, userData });
  const { page } = studio;
  try {
    const key = page.getByTestId('heat-key');
    const largest: number[] = [];
    for (const stage of [0, 1, 2, 3]) {
      await page.getByTestId('heat-source').selectOption(`stage.${stage}`);
      await expect(key).toContainText(`Stage ${stage + 1}`);
      await expect(key).toHaveAttribute('data-largest', /\d/, { timeout: 60_000 });
      largest.push(Number(await key.getAttribute('data-largest')));
    }
    expect(largest.slice(0, 2)).toEqual([0, 0]);
    expect(Math.min(...largest.slice(2))).toBeGreaterThan(0.01);
    const mean = Number(await key.getAttribute('data-mean'));
    await page.keyboard.press('Alt+4');
    await page.getByTestId('gate-picture-stage').click();
    await expect(page.getByTestId('stage-errors').locator('figcaption').last()).toContainText(
      `error ${mean.toFixed(3)}`,
    );
  } finally {
    await studio.close();
  }
  await removeScratch(scratch);
});
