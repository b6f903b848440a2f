import { expect, test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { parseReport, type EvaluationReport } from '#core/report/evaluationReport.ts';
import { inRepository } from '../scripts/repository.ts';
import { callStudio, firstRun } from './callStudio.ts';
import { chooseInDialog } from './chooseInDialog.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, type RunningStudio } from './studio.ts';

const SCENES = ['scene_00001', 'scene_00006', 'scene_00011'];
const TEACHER = 'segformer-b0-street';
const STUDENT = 'dynasegformer-b0-street-k70';
/** What the texts are rounded to in which figures are compared: the models' own numbers are rounded by threads. */
const DIGITS = 9;

const dynaseg = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [inRepository('cli/dynaseg.mjs'), ...args]);

async function readReport(folder: string): Promise<EvaluationReport> {
  const file = join(folder, 'report.json');
  return parseReport(await readFile(file, 'utf8'), file);
}

/** A report without when, by what and how fast it was made; numbers as texts. */
function lasting({ figures, galleries, ...report }: EvaluationReport): unknown {
  const kept = {
    ...report,
    made: null,
    contestants: figures.contestants.map(({ contestant, quality, agreement, calibration, cost }) => ({
      ...{ contestant, quality, agreement, calibration },
      macs: cost.macs,
    })),
    bootstrap: figures.bootstrap,
    galleries: galleries.filter(({ metric }) => metric !== 'milliseconds'),
  };
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(DIGITS) : value;
  return JSON.parse(JSON.stringify(kept, rounded));
}

interface OpenedReport {
  readonly requests: readonly string[];
  readonly text: string;
  readonly charts: number;
  readonly scripts: number;
  /** Widths of the pictures in the galleries. */
  readonly pictures: readonly number[];
  readonly pdf: string;
}

/** Opens a page in a window of its own that has no network, and prints it. */
function openOffline({ app }: RunningStudio, url: string): Promise<OpenedReport> {
  return app.evaluate(async ({ BrowserWindow, session }, address) => {
    const own = session.fromPartition('report');
    own.enableNetworkEmulation({ offline: true });
    const requests: string[] = [];
    own.webRequest.onBeforeRequest((details, answer) => {
      requests.push(details.url);
      answer({});
    });
    const window = new BrowserWindow({ show: false, webPreferences: { session: own } });
    await window.loadURL(address);
    const seen = (await window.webContents.executeJavaScript(`(async () => ({
      text: document.body.innerText,
      charts: document.querySelectorAll('svg:not(:has(image))').length,
      scripts: document.scripts.length,
      pictures: await Promise.all([...document.querySelectorAll('svg image')].map(async ({ href }) => {
        const picture = new Image();
        picture.src = href.baseVal;
        await picture.decode();
        return picture.naturalWidth;
      })),
    }))()`)) as Pick<OpenedReport, 'text' | 'charts' | 'scripts' | 'pictures'>;
    const pdf = await window.webContents.printToPDF({});
    window.destroy();
    return { requests, ...seen, pdf: pdf.toString('latin1') };
  }, url);
}

/** How long each measured image took, in the order of the folder: told again, it was not measured again. */
async function milliseconds(page: Page): Promise<readonly (number | undefined)[]> {
  const sort = { by: 'name', descending: false } as const;
  const request = { ...(await firstRun(page)), filter: {}, sort, offset: 0, limit: 10 };
  const { rows } = await callStudio(page, 'evaluation.results', request);
  return rows.map(({ contestants }) => contestants[1]?.metrics.milliseconds ?? undefined);
}

test('a run that was killed goes on; the report that the window saves opens offline, prints, and is that of the command line', async () => {
  test.setTimeout(240_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-report-'));
  await copyScenes(scratch, SCENES);
  await cp(inRepository('samples/classes.json'), join(scratch, 'classes.json'));
  const launch = () => launchStudio({ folder: scratch, userData: join(scratch, 'user') });
  let studio = await launch();
  let { page } = studio;
  const [saved, said] = [join(scratch, 'saved'), join(scratch, 'said')];
  try {
    await page.keyboard.press('Alt+3');
    await page.getByTestId(`run-${STUDENT}-file`).press('Space');
    await page.getByRole('radio', { name: 'Files only' }).click();
    await page.getByTestId('run-start').click();
    const progress = page.getByTestId('run-progress');
    await expect(progress).toHaveAttribute('data-done', /[12]/, { timeout: 120_000 });
    const known = await milliseconds(page);
    await studio.kill();

    studio = await launch();
    ({ page } = studio);
    await page.keyboard.press('Alt+3');
    await page.getByTestId('evaluate.resume').click();
    await expect(page.getByTestId('run-progress')).toHaveAttribute('data-state', 'done', {
      timeout: 120_000,
    });
    expect((await milliseconds(page)).slice(0, known.length)).toEqual(known);
    await chooseInDialog(studio, saved);
    await page.getByTestId('evaluate.report').click();
    await expect(page.getByText('The report is written')).toBeVisible({ timeout: 60_000 });

    const address = pathToFileURL(join(saved, 'report.html')).href;
    const opened = await openOffline(studio, address);
    expect(opened.requests.filter((url) => !url.startsWith('data:'))).toEqual([address]);
    expect(opened.scripts).toBe(0);
    // Cost by time and by multiply-adds, and the calibration of both.
    expect(opened.charts).toBeGreaterThanOrEqual(4);
    expect(opened.pictures.length).toBeGreaterThanOrEqual(SCENES.length);
    expect(opened.pictures.every((width) => width === 320)).toBe(true);
    expect(opened.pdf.slice(0, 5)).toBe('%PDF-');
    const report = await readReport(saved);
    const miou = report.figures.contestants.map(({ quality }) => quality?.headlines.miou.value ?? NaN);
    for (const value of miou) expect(opened.text).toContain((value * 100).toFixed(1));
    for (const { sha256 } of report.plan.contestants) expect(opened.text).toContain(sha256);
    for (const scene of SCENES) expect(opened.text).toContain(scene);

    // Against the report that was just written nothing has changed.
    await chooseInDialog(studio, join(saved, 'report.json'));
    await page.getByTestId('evaluate.compareReport').click();
    const dialog = page.getByTestId('comparison-dialog');
    const rows = dialog.getByTestId('comparison-figures').getByRole('row', { name: /^mean IoU/ });
    await expect(rows).toHaveCount(2);
    for (const [index, value] of miou.entries()) {
      const shown = `${(value * 100).toFixed(1)}%`;
      await expect(rows.nth(index)).toHaveText(`mean IoU${shown}${shown}0.0`);
    }
    await chooseInDialog(studio, saved);
    await dialog.getByTestId('comparison-save').click();
    await expect(page.getByText('The comparison is written')).toBeVisible();
    expect(await readFile(join(saved, 'comparison.html'), 'utf8')).toContain('Two evaluations');
  } finally {
    await studio.close();
  }

  const models = ['--model', TEACHER, '--model', STUDENT, '--keep', '0.5'];
  const folders = ['--images', join(scratch, 'images'), '--masks', join(scratch, 'masks')];
  await dynaseg('evaluate', ...models, ...folders, '--report', said);
  expect(lasting(await readReport(saved))).toEqual(lasting(await readReport(said)));
  const files = [saved, said].map((folder) => join(folder, 'report.json'));
  const compared = await dynaseg('report', '--compare', ...files, '--json');
  const changes = JSON.parse(compared.stdout) as {
    contestants: { headlines: Record<string, { difference: number }> }[];
  };
  expect(changes.contestants).toHaveLength(2);
  for (const { headlines } of changes.contestants) {
    for (const { difference } of Object.values(headlines)) expect(difference).toBeCloseTo(0, DIGITS);
  }
  await removeScratch(scratch);
});
