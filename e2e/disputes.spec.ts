import { expect, test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Dispute } from '#core/disputes/findDisputes.ts';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { inRepository } from '../scripts/repository.ts';
import { exportMasks } from './exportMasks.ts';
import { writePlantedFolder, type PlantedFolder, type PlantedPicture } from './planted/plantedFolder.ts';
import { disputesOf, nextShown, shownDispute } from './planted/verdictSession.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, stageGeometry, type RunningStudio } from './studio.ts';

const SMALLEST = 60;
const CAR = 8;
const BICYCLIST = 10;

let scratch: string;
let folder: PlantedFolder;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-disputes-'));
  const settings = { smallestDispute: SMALLEST };
  folder = await writePlantedFolder(scratch, { count: 2, seed: 660_001, width: 480, height: 360, settings });
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

async function open(): Promise<Page> {
  studio = await launchStudio({ folder: folder.images, userData: folder.userData });
  await studio.page.keyboard.press('Alt+2');
  await studio.page.getByTestId('dispute-list').waitFor({ timeout: 60_000 });
  return studio.page;
}

/** The mask of a picture as it is exported. */
async function exported(name: string, picture: string): Promise<Uint8Array> {
  await exportMasks(studio!, join(scratch, name));
  return decodeMaskPng(await readFile(join(scratch, name, 'masks', `${picture}.png`)), picture)
    .ids as Uint8Array;
}

/** Writes one class into all pixels of a dispute, or what `said` says of each. */
function fill(ids: Uint8Array, { runs }: Dispute, width: number, said: number | Uint8Array): void {
  for (let at = 0; at < runs.length; at += 3) {
    const [from, to] = [runs[at]! * width + runs[at + 1]!, runs[at]! * width + runs[at + 2]!];
    if (typeof said === 'number') ids.fill(said, from, to);
    else ids.set(said.subarray(from, to), from);
  }
}

const claims = ({ teacherClass, studentClass }: Dispute) => new Set<number>([teacherClass, studentClass]);

const idsOf = ({ teacher, student }: PlantedPicture) => ({
  teacher: teacher.ids as Uint8Array,
  student: student.ids as Uint8Array,
});

test('one key per dispute fixes the mask, is undone and redone whole, and stays decided', async () => {
  test.setTimeout(180_000);
  let page = await open();
  const [first, second] = folder.pictures as readonly [PlantedPicture, PlantedPicture];
  const disputes = disputesOf(first, SMALLEST);
  const rows = page.getByTestId('dispute-list').getByRole('option');
  await expect(rows).toHaveCount(disputes.size);
  const listed = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-region')));
  expect(new Set(listed)).toEqual(new Set(disputes.keys()));
  const left = page.getByTestId('disputes-left');
  await expect(left).toHaveText(`${disputes.size} of ${disputes.size} left here`);

  // N shows the first one in a third of the stage.
  await page.keyboard.press('n');
  let shown = await nextShown(page, null);
  expect(shown).toEqual({ picture: first.name, region: listed[0] });
  const { scale } = await stageGeometry(page, 'stage-mask');
  const { rect } = disputes.get(listed[0]!)!;
  const box = (await page.getByTestId('stage-mask').boundingBox())!;
  const share = Math.max((rect.width * scale) / box.width, (rect.height * scale) / box.height);
  expect(share).toBeCloseTo(1 / 3, 2);

  // Teacher, student, neither, ignore: what each leaves in the mask, which starts from the teacher.
  const { teacher, student } = idsOf(first);
  const expected = teacher.slice();
  const given: Dispute[] = [];
  for (const [key, said] of [
    ['t', () => teacher],
    ['s', () => student],
    ['digit', (dispute: Dispute) => (claims(dispute).has(CAR) ? BICYCLIST : CAR)],
    ['x', () => 255],
  ] as const) {
    const dispute = disputes.get(shown!.region)!;
    const value = said(dispute);
    await page.keyboard.press(key === 'digit' ? (value === CAR ? '9' : '-') : key);
    fill(expected, dispute, first.teacher.width, value);
    given.push(dispute);
    shown = await nextShown(page, shown);
  }
  await expect(page.getByTestId('history-position')).toHaveText('5 of 5');
  await expect(left).toHaveText(`${disputes.size - 4} of ${disputes.size} left here`);
  expect(await exported('four', first.name)).toEqual(expected);

  // Undo takes mask and verdict back together; the dispute is open again, and redo decides it.
  await page.keyboard.press('Control+z');
  await expect(left).toHaveText(`${disputes.size - 3} of ${disputes.size} left here`);
  const before = expected.slice();
  fill(before, given[3]!, first.teacher.width, teacher);
  expect(await exported('undone', first.name)).toEqual(before);
  await page.keyboard.press('Control+Shift+z');
  await expect(left).toHaveText(`${disputes.size - 4} of ${disputes.size} left here`);

  // After a kill nothing that was decided comes back.
  await expect(page.getByTestId('save-state')).toHaveText('saved');
  await studio!.kill();
  page = await open();
  await expect(page.getByTestId('disputes-left')).toHaveText(
    `${disputes.size - 4} of ${disputes.size} left here`,
  );
  await page.keyboard.press('n');
  shown = await nextShown(page, null);
  expect(given.map((dispute) => disputes.get(shown!.region) === dispute)).toEqual([
    false,
    false,
    false,
    false,
  ]);

  // The last one of a picture leads on to the next picture.
  for (let rest = disputes.size - 4; rest > 0; rest--) {
    expect(shown?.picture).toBe(first.name);
    await page.keyboard.press('t');
    shown = await nextShown(page, shown);
  }
  expect(shown?.picture).toBe(second.name);
  expect(disputesOf(second, SMALLEST).has(shown!.region)).toBe(true);
  await page.keyboard.press('Shift+n');
  expect((await nextShown(page, shown))?.picture).toBe(second.name);
  expect(await exported('all', first.name)).toEqual(expected);

  const env = { ...process.env, DYNASEG_USER_DATA: folder.userData };
  const args = [inRepository('cli/dynaseg.mjs'), 'ledger', folder.images, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const { ledgers } = JSON.parse(stdout) as { ledgers: { total: object; ignored: { regions: number } }[] };
  expect(ledgers).toHaveLength(1);
  expect(ledgers[0]).toMatchObject({
    decided: { regions: disputes.size },
    ignored: { regions: 1 },
    total: {
      teacherWrong: { regions: 1 },
      studentWrong: { regions: disputes.size - 3 },
      bothWrong: { regions: 1 },
    },
  });
});

test('verdict keys are other keys while no dispute is selected, and the list goes by keyboard', async () => {
  test.setTimeout(120_000);
  const page = await open();
  await page.keyboard.press('x');
  await page.keyboard.press('t');
  await expect(page.getByTestId('history-position')).toHaveText('0 of 0');
  await page.getByTestId('dispute-list').focus();
  await page.keyboard.press('End');
  const last = await shownDispute(page);
  await page.keyboard.press('ArrowUp');
  const above = await nextShown(page, last);
  expect(above?.picture).toBe(folder.pictures[0]?.name);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('verdict-bar')).toBeHidden();
  await page.keyboard.press('9');
  await expect(page.getByTestId('active-class')).toContainText('Car');
  await expect(page.getByTestId('history-position')).toHaveText('0 of 0');
});
