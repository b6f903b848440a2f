import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
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
import { bestStroke, paint, type Stroke } from './verdicts/scriptedBrush.ts';

/*
 * What verdicts are worth: npx tsx bench/verdicts.ts [pictures]
 *
 * Street scenes with exact truth, and a teacher and a student whose errors were planted (e2e/planted). A scripted
 * session in the real studio corrects the folder by verdict keys alone: the verdict on each dispute is the class
 * that most of its pixels truly have. Another session corrects the teacher's masks by brush alone, with as many
 * inputs on each picture. It knows the truth and never misses; an input is one stroke of any length, one key for a
 * class, or one key for the next picture. Brush sizes, pans and zooms cost it nothing.
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
  /** Inputs by picture. */
  readonly inputs: ReadonlyMap<string, number>;
  readonly seconds: number;
}

await buildStudio(log);
const display = hasDisplay() ? null : await startVirtualDisplay('1440x900x24');
if (display) process.env.DISPLAY = display.name;
const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-verdicts-'));
try {
  const settings = { smallestDispute: SMALLEST, insetsOpen: false };
  const folder = await writePlantedFolder(scratch, { count: COUNT, seed: SEED, ...SIZE, settings });
  const verdicts = await decideAll(folder);
  const brush = await brushAll(folder, verdicts.inputs);
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
  const inputs = new Map<string, number>(folder.pictures.map(({ name }) => [name, 0]));
  const kinds = { teacher: 0, student: 0, neither: 0 };
  const press = async (key: string, name: string): Promise<void> => {
    await page.keyboard.press(key);
    inputs.set(name, (inputs.get(name) ?? 0) + 1);
  };
  const begun = performance.now();
  await press('n', folder.pictures[0]!.name);
  for (let shown = await nextShown(page, null); shown; shown = await nextShown(page, shown)) {
    const { dispute, picture } = findShown(folder, known, shown);
    const { key, kind } = trueVerdict(dispute, picture.truth);
    kinds[kind]++;
    await press(key, picture.name);
  }
  const seconds = (performance.now() - begun) / 1000;
  log(
    `verdicts: ${kinds.teacher} for the teacher, ${kinds.student} for the student, ${kinds.neither} for neither`,
  );
  return { masks: await masksOf(studio, folder, folder.userData), inputs, seconds };
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

/** The teacher's masks, each corrected by strokes until its inputs are spent. */
async function brushAll(folder: PlantedFolder, budget: Session['inputs']): Promise<Session> {
  const userData = join(scratch, 'brush');
  const models = ['planted-teacher', 'planted-student'].map((id) => join(scratch, 'models', id));
  await writeUserData(userData, models, { insetsOpen: false, brushShape: 'round' });
  const studio = await launchStudio({ folder: folder.images, userData });
  const { page } = studio;
  await page.keyboard.press('Alt+2');
  const inputs = new Map<string, number>();
  const begun = performance.now();
  for (const [index, picture] of folder.pictures.entries()) {
    // Like the first verdict, starting the mask is not counted; going on to the next picture is.
    let used = index > 0 ? 1 : 0;
    if (index > 0) await page.keyboard.press('d');
    await page.getByRole('img', { name: `mask of ${picture.name}.png` }).waitFor();
    await page.getByTestId('start-teacher').and(page.locator(':enabled')).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Shift+T');
    await page.getByTestId('history-position').getByText('1 of 1', { exact: true }).waitFor();
    const user = new BrushUser(picture);
    for (;;) {
      const next = user.next();
      if (!next || used + next.inputs > (budget.get(picture.name) ?? 0)) break;
      await strokeInWindow(page, next.stroke);
      user.take(next.stroke);
      used += next.inputs;
    }
    inputs.set(picture.name, used);
    await page.getByTestId('save-state').getByText('saved', { exact: true }).waitFor();
  }
  const seconds = (performance.now() - begun) / 1000;
  return { masks: await masksOf(studio, folder, userData), inputs, seconds };
}

/** Somebody with a brush: what they would paint next, and what it costs them. */
class BrushUser {
  readonly mask: MaskRaster;
  private colour: number | null = null;

  constructor(private readonly picture: PlantedPicture) {
    const { width, height, ids } = picture.teacher;
    this.mask = new MaskRaster({ width, height, ids: ids.slice(), ignoreId: classId(255) });
  }

  next(): { readonly stroke: Stroke; readonly inputs: number } | null {
    const stroke = bestStroke(this.mask, this.picture.truth);
    return stroke && { stroke, inputs: stroke.id === this.colour ? 1 : 2 };
  }

  take(stroke: Stroke): void {
    this.mask.beginStep();
    paint(this.mask, stroke);
    this.mask.endStep();
    this.colour = stroke.id;
  }
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

function report(folder: PlantedFolder, verdicts: Session, brush: Session): void {
  const measure = (idsOf: (picture: PlantedPicture) => ClassIds): string => {
    const matrix = new ConfusionMatrix(table);
    for (const picture of folder.pictures) matrix.add(picture.truth.ids, idsOf(picture));
    const [iou, accuracy] = [meanIou(matrix) ?? NaN, pixelAccuracy(matrix) ?? NaN];
    return `${(iou * 100).toFixed(2).padStart(8)} ${(accuracy * 100).toFixed(2).padStart(9)}%`;
  };
  const sum = ({ inputs }: Session): number => [...inputs.values()].reduce((all, one) => all + one, 0);
  const row = (what: string, inputs: string, figures: string): void =>
    log(`${what.padEnd(44)}${inputs.padStart(8)} ${figures}`);
  log(
    `\n${folder.pictures.length} scenes of ${SIZE.width} x ${SIZE.height}, planted errors, disputes from ${SMALLEST} px`,
  );
  row('', 'inputs', '    mIoU  accuracy');
  row(
    'teacher, as it is',
    '0',
    measure(({ teacher }) => teacher.ids),
  );
  row(
    'student, as it is',
    '0',
    measure(({ student }) => student.ids),
  );
  row(
    'verdicts alone (keys)',
    String(sum(verdicts)),
    measure(({ name }) => verdicts.masks.get(name)!),
  );
  row(
    'brush alone, as many inputs',
    String(sum(brush)),
    measure(({ name }) => brush.masks.get(name)!),
  );
  const { inputs, reached } = inputsForTheSame(folder, verdicts);
  const told = `${reached === folder.pictures.length ? '' : '> '}${inputs}`;
  row(
    'brush alone, to as few wrong pixels (computed)',
    told,
    `reached on ${reached} of ${folder.pictures.length} pictures`,
  );
  log(
    `in the window: verdicts ${verdicts.seconds.toFixed(0)} s, brush ${brush.seconds.toFixed(0)} s of the script's own time`,
  );
}

/** The same brush user, computed without the window, until a picture has no more wrong pixels than by verdicts. */
function inputsForTheSame(
  { pictures }: PlantedFolder,
  { masks }: Session,
): { inputs: number; reached: number } {
  let inputs = 0;
  let reached = 0;
  for (const picture of pictures) {
    const target = wrongPixels(masks.get(picture.name)!, picture.truth.ids);
    const user = new BrushUser(picture);
    let used = 0;
    while (wrongPixels(user.mask.ids, picture.truth.ids) > target && used < MOST_INPUTS) {
      const next = user.next();
      if (!next) break;
      user.take(next.stroke);
      used += next.inputs;
    }
    inputs += used;
    if (wrongPixels(user.mask.ids, picture.truth.ids) <= target) reached++;
  }
  return { inputs, reached };
}

function wrongPixels(ids: ClassIds, truth: ClassIds): number {
  let wrong = 0;
  for (let n = 0; n < ids.length; n++) if (ids[n] !== truth[n]) wrong++;
  return wrong;
}
