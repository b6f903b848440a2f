import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createClassTable } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { meanIou, pixelAccuracy } from '#core/metrics/iou.ts';
import { SCENE_CLASS_NAMES } from '#core/scenes/classes.ts';
import {
  writePlantedFolder,
  writeUserData,
  type PlantedFolder,
  type PlantedPicture,
} from '../e2e/planted/plantedFolder.ts';
import { disputesOf, nextShown, trueVerdict, type ShownDispute } from '../e2e/planted/verdictSession.ts';
import { removeScratch } from '../e2e/scratchFolder.ts';
import { launchStudio, stageGeometry, type RunningStudio } from '../e2e/studio.ts';
import { openProjectForExport } from '../main/node/projectExport.ts';
import { buildStudio } from '../scripts/build.ts';
import { hasDisplay, startVirtualDisplay } from '../scripts/virtualDisplay.ts';
import { addCost, BrushUser, NEXT_COST, NO_COST, VERDICT_COST, type Cost } from './verdicts/brushUser.ts';
import type { Stroke } from './verdicts/scriptedBrush.ts';

/*
 * What verdicts are worth: npx tsx bench/verdicts.ts [pictures]
 *
 * Street scenes with exact truth, and a teacher and a student whose errors were planted (e2e/planted). A scripted
 * session in the real studio corrects the folder by verdict keys alone: the verdict on each dispute is the class
 * that most of its pixels truly have. Another session corrects the teacher's masks by brush alone, with as many
 * inputs on each picture. Whoever holds the brush knows the truth, finds every error at once and never misses; what
 * that costs is told in three ways (brushUser.ts): an ideal hand pays strokes and class keys alone; a person also
 * sizes the brush and zooms in on what is small; and the keystroke-level model says how long both take, deciding
 * included.
 */
const COUNT = Number(process.argv[2] ?? 20);
const SIZE = { width: 480, height: 360 };
const SEED = 550_001;
const SMALLEST = 60;
/** Of one picture: a brush that is not there by then does not get there. */
const MOST_INPUTS = 400;
const CLASS_KEYS = '1234567890-';

const table = createClassTable([...SCENE_CLASS_NAMES]);
const log = (line: string) => console.log(line);

interface Session {
  readonly masks: ReadonlyMap<string, ClassIds>;
  /** By picture. */
  readonly costs: ReadonlyMap<string, Cost>;
  /** Of the script's own time. */
  readonly ran: number;
}

await buildStudio(log);
const display = hasDisplay() ? null : await startVirtualDisplay('1440x900x24');
if (display) process.env.DISPLAY = display.name;
const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-verdicts-'));
try {
  const settings = { smallestDispute: SMALLEST, insetsOpen: false };
  const folder = await writePlantedFolder(scratch, { count: COUNT, seed: SEED, ...SIZE, settings });
  const verdicts = await decideAll(folder);
  const brush = await brushAll(folder, verdicts.costs);
  report(folder, verdicts, brush);
} finally {
  await removeScratch(scratch);
  display?.stop();
}

/** N once, then one key for each dispute until none is left. */
async function decideAll(folder: PlantedFolder): Promise<Session> {
  const studio = await launchStudio({ folder: folder.images, userData: folder.userData });
  const { page } = studio;
  await page.keyboard.press('Alt+2');
  await page.getByTestId('dispute-list').waitFor({ timeout: 180_000 });
  const known = new Map(folder.pictures.map((picture) => [picture.name, disputesOf(picture, SMALLEST)]));
  const costs = new Map<string, Cost>();
  const kinds = { teacher: 0, student: 0, neither: 0 };
  const press = async (key: string, name: string): Promise<void> => {
    await page.keyboard.press(key);
    costs.set(name, addCost(costs.get(name) ?? NO_COST, key === 'n' ? NEXT_COST : VERDICT_COST));
  };
  const begun = performance.now();
  await press('n', folder.pictures[0]!.name);
  for (let shown = await nextShown(page, null); shown; shown = await nextShown(page, shown)) {
    const { dispute, picture } = findShown(folder, known, shown);
    const { key, kind } = trueVerdict(dispute, picture.truth);
    kinds[kind]++;
    await press(key, picture.name);
  }
  const ran = (performance.now() - begun) / 1000;
  log(
    `verdicts: ${kinds.teacher} for the teacher, ${kinds.student} for the student, ${kinds.neither} for neither`,
  );
  return { masks: await masksOf(studio, folder, folder.userData), costs, ran };
}

function findShown(
  { pictures }: PlantedFolder,
  known: ReadonlyMap<string, ReturnType<typeof disputesOf>>,
  shown: ShownDispute,
) {
  const dispute = known.get(shown.picture)?.get(shown.region);
  const picture = pictures.find(({ name }) => name === shown.picture);
  if (dispute && picture) return { dispute, picture };
  throw new Error(`${shown.picture}: the studio shows a dispute ${shown.region} that core does not find`);
}

interface BrushSession extends Session {
  /** CSS pixels per image pixel when the whole picture is seen. */
  readonly scale: number;
}

/** The teacher's masks, each corrected by strokes until the inputs of a person are spent. */
async function brushAll(folder: PlantedFolder, budget: Session['costs']): Promise<BrushSession> {
  const userData = join(scratch, 'brush');
  const models = ['planted-teacher', 'planted-student'].map((id) => join(scratch, 'models', id));
  await writeUserData(userData, models, { insetsOpen: false, brushShape: 'round' });
  const studio = await launchStudio({ folder: folder.images, userData });
  const { page } = studio;
  await page.keyboard.press('Alt+2');
  const costs = new Map<string, Cost>();
  let scale = NaN;
  const begun = performance.now();
  for (const [index, picture] of folder.pictures.entries()) {
    // Like the first verdict, starting the mask is not counted; going on to the next picture is.
    let spent = index > 0 ? NEXT_COST : NO_COST;
    if (index > 0) await page.keyboard.press('d');
    await page.getByRole('img', { name: `mask of ${picture.name}.png` }).waitFor();
    await page.getByTestId('start-teacher').and(page.locator(':enabled')).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Shift+T');
    await page.getByTestId('history-position').getByText('1 of 1', { exact: true }).waitFor();
    ({ scale } = await stageGeometry(page, 'stage-mask'));
    const user = new BrushUser(picture, scale);
    for (;;) {
      const next = user.next();
      if (!next || spent.inputs + next.cost.inputs > (budget.get(picture.name)?.inputs ?? 0)) break;
      await strokeInWindow(page, next.stroke);
      user.take(next.stroke);
      spent = addCost(spent, next.cost);
    }
    costs.set(picture.name, spent);
    await page.getByTestId('save-state').getByText('saved', { exact: true }).waitFor();
  }
  const ran = (performance.now() - begun) / 1000;
  return { masks: await masksOf(studio, folder, userData), costs, ran, scale };
}

async function strokeInWindow(page: Page, { id, from, to, size }: Stroke): Promise<void> {
  await page.keyboard.press('b');
  await page.keyboard.press(CLASS_KEYS[id]!);
  const field = page.getByTestId('brush-size');
  await field.fill(String(size));
  await field.press('Enter');
  const geometry = await stageGeometry(page, 'stage-mask');
  const start = geometry.toPage(from.x, from.y);
  const end = geometry.toPage(to.x, to.y);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}

/** As an export would write them, read from the project file of the closed studio. */
async function masksOf(
  studio: RunningStudio,
  folder: PlantedFolder,
  userData: string,
): Promise<Session['masks']> {
  await studio.page.getByTestId('save-state').getByText('saved', { exact: true }).waitFor();
  await studio.close();
  const { source, close } = await openProjectForExport(folder.images, join(userData, 'projects'));
  try {
    // A picture without a dispute keeps the teacher's mask.
    const masks = new Map<string, ClassIds>(folder.pictures.map(({ name, teacher }) => [name, teacher.ids]));
    for (const { id, name } of source.images) {
      masks.set(name.replace(/\.png$/, ''), (await source.readMask(id)).classMap.ids);
    }
    return masks;
  } finally {
    close();
  }
}

function report(folder: PlantedFolder, verdicts: Session, brush: BrushSession): void {
  const { pictures } = folder;
  const row = (
    what: string,
    { ideal, inputs, seconds }: Cost,
    idsOf: (picture: PlantedPicture) => ClassIds,
  ) => {
    const matrix = new ConfusionMatrix(table);
    for (const picture of pictures) matrix.add(picture.truth.ids, idsOf(picture));
    const [iou, accuracy] = [meanIou(matrix) ?? NaN, pixelAccuracy(matrix) ?? NaN];
    const cells = [
      String(ideal).padStart(9),
      String(inputs).padStart(9),
      `${(seconds / 60).toFixed(1)} min`.padStart(11),
      (iou * 100).toFixed(2).padStart(9),
      `${(accuracy * 100).toFixed(2)}%`.padStart(10),
    ];
    log(`${what.padEnd(46)}${cells.join('')}`);
  };
  log(
    `\n${pictures.length} scenes of ${SIZE.width} x ${SIZE.height}, planted errors, disputes from ${SMALLEST} px, ` +
      `shown at ${brush.scale.toFixed(2)}`,
  );
  const head = ['ideal', 'inputs', 'model time', 'mIoU', 'accuracy'].map((name, n) =>
    name.padStart([9, 9, 11, 9, 10][n]!),
  );
  log(`${''.padEnd(46)}${head.join('')}`);
  row('teacher, as it is', NO_COST, ({ teacher }) => teacher.ids);
  row('student, as it is', NO_COST, ({ student }) => student.ids);
  row('verdicts alone (in the studio)', sum(verdicts.costs), ({ name }) => verdicts.masks.get(name)!);
  row('brush alone, as many inputs (in the studio)', sum(brush.costs), ({ name }) => brush.masks.get(name)!);
  const keys = (name: string): Cost => verdicts.costs.get(name) ?? NO_COST;
  const ideal = paintUntil(pictures, brush.scale, ({ name }, _, after) => after.ideal > keys(name).ideal);
  row('brush alone, as many ideal inputs', sum(ideal.costs), ({ name }) => ideal.masks.get(name)!);
  const wrong = new Map(
    pictures.map(({ name, truth }) => [name, wrongPixels(verdicts.masks.get(name)!, truth.ids)]),
  );
  const equal = paintUntil(
    pictures,
    brush.scale,
    ({ name, truth }, mask, { inputs }) =>
      wrongPixels(mask, truth.ids) <= wrong.get(name)! || inputs > MOST_INPUTS,
  );
  const reached = pictures.filter(
    ({ name, truth }) => wrongPixels(equal.masks.get(name)!, truth.ids) <= wrong.get(name)!,
  ).length;
  row(
    `brush alone, to as few wrong pixels${reached === pictures.length ? '' : ` (${reached} pictures)`}`,
    sum(equal.costs),
    ({ name }) => equal.masks.get(name)!,
  );
  log(`the script's own time: verdicts ${verdicts.ran.toFixed(0)} s, brush ${brush.ran.toFixed(0)} s`);
}

function sum(costs: Session['costs']): Cost {
  return [...costs.values()].reduce(addCost, NO_COST);
}

/** The same brush user without the window, until `isEnough` of the mask and of the costs after the next stroke. */
function paintUntil(
  pictures: readonly PlantedPicture[],
  scale: number,
  isEnough: (picture: PlantedPicture, mask: ClassIds, after: Cost) => boolean,
): Pick<Session, 'masks' | 'costs'> {
  const masks = new Map<string, ClassIds>();
  const costs = new Map<string, Cost>();
  for (const [index, picture] of pictures.entries()) {
    const user = new BrushUser(picture, scale);
    let spent = index > 0 ? NEXT_COST : NO_COST;
    for (;;) {
      const next = user.next();
      if (!next || isEnough(picture, user.mask.ids, addCost(spent, next.cost))) break;
      user.take(next.stroke);
      spent = addCost(spent, next.cost);
    }
    masks.set(picture.name, user.mask.ids);
    costs.set(picture.name, spent);
  }
  return { masks, costs };
}

function wrongPixels(ids: ClassIds, truth: ClassIds): number {
  let wrong = 0;
  for (let n = 0; n < ids.length; n++) if (ids[n] !== truth[n]) wrong++;
  return wrong;
}
