import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { seededRandom } from '#core/mask/seededRandom.ts';
import { ProjectStore } from '../main/node/projectStore.ts';
import { inRepository } from '../scripts/repository.ts';
import { expectStored, goToAnnotate } from './annotatePlace.ts';
import { PaintedMask } from './paintedMask.ts';
import { holdProject, projectFileOf } from './projectOnDisk.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, type RunningStudio } from './studio.ts';

/** How often the studio is killed; DYNASEG_KILLS=100 for the long run. */
const KILLS = Number(process.env.DYNASEG_KILLS ?? 5);
const SIZE = { width: 960, height: 720 };
const SEED = 41;

let scratch: string;
let images: string;
let userData: string;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-durable-'));
  [images, userData] = [join(scratch, 'street'), join(scratch, 'user')];
  await mkdir(images);
  await cp(inRepository('samples/images', 'scene_00001.jpg'), join(images, 'scene.jpg'));
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

async function open(): Promise<Page> {
  studio = await launchStudio({ folder: images, userData });
  await goToAnnotate(studio.page);
  return studio.page;
}

const emptyMask = (page: Page) =>
  new PaintedMask(page, { ...SIZE, ids: new Uint8Array(SIZE.width * SIZE.height).fill(255) });

/** Strokes at random places, one after the other. */
class RandomHand {
  readonly random = seededRandom(SEED);

  path(): [[number, number], [number, number]] {
    const at = (): [number, number] => [this.random() * SIZE.width, this.random() * SIZE.height];
    return [at(), at()];
  }

  async stroke(mask: PaintedMask): Promise<void> {
    const id = Math.floor(this.random() * 9);
    await mask.stroke(this.path(), { size: 5 + Math.floor(this.random() * 40), shape: 'round', id });
  }
}

test(`killed ${KILLS} times at random moments of painting: every finished stroke is there, nothing else`, async () => {
  test.setTimeout(60_000 + KILLS * 60_000);
  const hand = new RandomHand();
  let painted: PaintedMask | null = null;
  let steps = 0;
  let length = 0;
  for (let turn = 0; turn < KILLS; turn++) {
    const page = await open();
    if (!painted) {
      await page.getByTestId('start-empty').click();
      await expectStored(page, '1 of 1');
      steps = 1;
    } else await expect(page.getByTestId('history-position')).toHaveText(`${steps} of ${length}`);
    const mask: PaintedMask = painted ? PaintedMask.goOn(page, painted) : emptyMask(page);
    painted = mask;
    let strokes = 0;
    // In turn: anywhere in a series of strokes, with the button down, and right after the button was let go.
    const moment = ['anywhere', 'down', 'up'][turn % 3];
    if (moment === 'anywhere') {
      const killed = new Promise((resolve) => setTimeout(resolve, 300 + hand.random() * 1500)).then(() =>
        studio!.kill(),
      );
      try {
        for (;;) {
          await hand.stroke(mask);
          strokes++;
        }
      } catch {
        // The window is gone in the middle of a stroke.
      }
      await killed;
    } else {
      const wanted = 1 + Math.floor(hand.random() * 3);
      for (; strokes < wanted; strokes++) await hand.stroke(mask);
      if (moment === 'down') await mask.beginStroke(hand.path(), { size: 30, shape: 'round', id: 3 });
      await studio!.kill();
    }
    const store = ProjectStore.open(await projectFileOf(userData, images));
    let found = store.openMask(1)!;
    // Killed between the window's answer and the driver's: that stroke is finished, and whole when it is undone.
    const isOneMore = moment === 'anywhere' && found.history.cursor === steps + strokes + 1;
    if (isOneMore) {
      store.undo(1);
      found = store.openMask(1)!;
    }
    expect([turn, moment, found.history.cursor]).toEqual([turn, moment, steps + strokes]);
    expect(Buffer.from(found.ids).equals(Buffer.from(mask.raster.ids))).toBe(true);
    store.close();
    steps += strokes;
    length = isOneMore ? steps + 1 : steps;
  }
});

test('damaged, held, and free again: the window says it in words, and nothing is lost', async () => {
  test.setTimeout(240_000);
  const hand = new RandomHand();
  let page = await open();
  await page.getByTestId('start-empty').click();
  await expectStored(page, '1 of 1');
  for (let stroke = 0; stroke < 3; stroke++) await hand.stroke(emptyMask(page));
  await expectStored(page, '4 of 4');
  await studio!.close();

  const file = await projectFileOf(userData, images);
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0x5a, bytes.length - 4096));
  page = await open();
  await expect(page.getByTestId('history-position')).toHaveText(/^4 of 4$/);
  const repaired = page.getByTestId('banner-project.recovered');
  await expect(repaired).toContainText('was damaged and has been repaired');
  const kept = (await readdir(dirname(file))).find((name) => name.includes('.damaged-'));
  await expect(repaired).toContainText(`The damaged file is kept beside it as ${kept}`);
  await page.screenshot({ path: test.info().outputPath('repaired.png') });
  await repaired.getByRole('button', { name: 'Understood' }).click();
  await expect(repaired).toBeHidden();
  await studio!.close();

  const holder = await holdProject(file);
  page = await open();
  const banner = page.getByTestId('banner-project.held');
  await expect(banner).toContainText(
    new RegExp(`Read-only: held by process ${holder.pid} .*on .* since 20\\d\\d-`),
  );
  await page.screenshot({ path: test.info().outputPath('held.png') });
  // Looking is possible, painting is not.
  await expect(page.getByTestId('history-position')).toHaveText('4 of 4');
  await page.keyboard.press('b');
  const box = (await page.getByTestId('stage-mask').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 50, box.y + box.height / 2);
  await page.mouse.up();
  await expect(page.getByTestId('history-position')).toHaveText('4 of 4');
  const edit = banner.getByRole('button', { name: 'Open for editing' });
  await edit.click();
  await expect(edit).toBeEnabled();
  await holder.release();
  await edit.click();
  await expect(banner).toBeHidden();
  await hand.stroke(emptyMask(page));
  await expectStored(page, '5 of 5');
});

const shell = (line: string) => spawnSync('sh', ['-c', line]).status === 0;

test('the disk of the projects is full: it is said, what is painted stays, and is stored when there is room', async () => {
  test.setTimeout(120_000);
  const disk = join(scratch, 'disk');
  await mkdir(disk);
  await mkdir(userData);
  test.skip(!shell(`mount -t tmpfs -o size=2m tmpfs '${disk}'`), 'needs the right to mount a small disk');
  try {
    await symlink(disk, join(userData, 'projects'));
    const page = await open();
    await page.getByTestId('start-empty').click();
    await expectStored(page, '1 of 1');
    // All that is left but a few pages.
    shell(`head -c 3000000 /dev/zero > '${join(disk, 'ballast')}'`);
    const hand = new RandomHand();
    const mask = emptyMask(page);
    await hand.stroke(mask);
    await hand.stroke(mask);
    await expect(page.getByTestId('save-problem')).toContainText('the disk is full');
    await expect(page.getByTestId('save-state')).toHaveText('not saved');
    await rm(join(disk, 'ballast'));
    await page.getByTestId('save-problem').getByRole('button', { name: 'Try again' }).click();
    await expectStored(page, '3 of 3');
    await studio!.kill();
    const store = ProjectStore.open(await projectFileOf(userData, images));
    expect(Buffer.from(store.openMask(1)!.ids).equals(Buffer.from(mask.raster.ids))).toBe(true);
    store.close();
  } finally {
    await studio?.kill();
    shell(`umount -l '${disk}'`);
  }
});
