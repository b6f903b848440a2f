import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Page } from '@playwright/test';
import { removeScratch } from '../e2e/scratchFolder.ts';
import { launchStudio, stageGeometry, type RunningStudio } from '../e2e/studio.ts';
import { buildStudio } from '../scripts/build.ts';
import { hasDisplay, startVirtualDisplay } from '../scripts/virtualDisplay.ts';
import { FrameProbe, type StrokeFigures } from './painting/frameProbe.ts';
import { photograph } from './painting/photograph.ts';
import { processMemory } from './processMemory.ts';

/*
 * What painting costs in the real window: npx tsx bench/painting.ts [--long] [--only 1024,4096] [--rounds 3]
 * Per image size and zoom: a stroke of a 200 px brush, one pointer event every 8 ms, and how long each event took until
 * the frame that shows it was done: from its time stamp, which includes the wait for the display's next frame, and from
 * when it was delivered to the page; what the window's thread did for a frame (work: by the clock, processor: by its
 * own time, which other programs do not change). Sizes take turns within a round, so that a machine that slows down
 * slows all. `--long`: 2,000 strokes and 200 image switches, else a tenth of both.
 */
const SIZES = [
  { name: '1024x768', width: 1024, height: 768 },
  { name: '4096x3072', width: 4096, height: 3072 },
  { name: '8192x8192', width: 8192, height: 8192 },
] as const;
const BRUSH = 200;
/** Image pixels from the middle: the same stroke fits the smallest picture. */
const REACH = { x: 380, y: 260 };
const EVENTS = 180;
const EVENT_EVERY_MS = 8;

const isLong = process.argv.includes('--long');
const option = (name: string): string | undefined =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
const only = option('--only')?.split(',');
const rounds = Number(option('--rounds') ?? 3);
const sizes = SIZES.filter((size) => !only || only.some((name) => size.name.startsWith(name)));
const log = (line: string) => console.log(line);

await buildStudio(log);
const display = hasDisplay() ? null : await startVirtualDisplay('1440x900x24');
if (display) process.env.DISPLAY = display.name;
const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-painting-'));
try {
  await bench();
} finally {
  await removeScratch(scratch);
  display?.stop();
}

async function bench(): Promise<void> {
  await makePictures();
  const studio = await open('pictures');
  const { page } = studio;
  const probe = await FrameProbe.install(page);
  log('\nopening: key to picture on screen, ms; starting a mask: its longest frame, ms');
  for (const size of sizes) {
    const opened = await probe.timeUntilPicture(() => page.keyboard.press('d'));
    const started = await probe.longestFrame(async () => {
      await page.keyboard.press('Shift+E');
      await page.getByTestId('history-position').getByText('1 of 1').waitFor();
      await page.waitForTimeout(500);
    });
    log(`${size.name.padEnd(12)} ${opened.toFixed(0).padStart(6)} ${started.toFixed(0).padStart(8)}`);
  }

  const figures = new Map<string, StrokeFigures[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [index, size] of sizes.entries()) {
      await choose(page, index + 1);
      await page.getByTestId('history-position').getByText('of').waitFor();
      await modelsAreDone(page);
      for (const zoom of ['fit', '1:1', '4:1']) {
        await zoomTo(page, zoom);
        await page.keyboard.press(String((round % 5) + 1));
        const result = await stroke(page, probe);
        const key = `${size.name.padEnd(12)}${zoom.padEnd(5)}`;
        figures.set(key, [...(figures.get(key) ?? []), result]);
      }
    }
  }
  log('\npointer event to its frame, ms (medians over rounds; longest: the worst of all rounds)');
  log('image       zoom    median     p95  delivered p95  longest frame  release    work  processor');
  for (const [key, runs] of figures) {
    const cells = [
      middle(runs.map((run) => run.median))
        .toFixed(1)
        .padStart(8),
      middle(runs.map((run) => run.p95))
        .toFixed(1)
        .padStart(8),
      middle(runs.map((run) => run.delivered))
        .toFixed(1)
        .padStart(15),
      Math.max(...runs.map((run) => run.longestFrame))
        .toFixed(1)
        .padStart(15),
      middle(runs.map((run) => run.release))
        .toFixed(1)
        .padStart(9),
      middle(runs.map((run) => run.work))
        .toFixed(1)
        .padStart(8),
      middle(runs.map((run) => run.cpu))
        .toFixed(1)
        .padStart(11),
    ];
    log(`${key}${cells.join('')}`);
  }
  printRatios(figures);
  await studio.close();
  await memory();
}

/** The middle of the same stroke on an image 16 times larger over that on the smaller one, round by round. */
function printRatios(figures: ReadonlyMap<string, readonly StrokeFigures[]>): void {
  const [small, large] = ['1024x768', '4096x3072'];
  for (const zoom of ['fit', '1:1', '4:1']) {
    const a = figures.get(`${small.padEnd(12)}${zoom.padEnd(5)}`);
    const b = figures.get(`${large.padEnd(12)}${zoom.padEnd(5)}`);
    if (!a || !b) continue;
    const ratios = a.map((run, round) => (b[round]?.cpu ?? NaN) / run.cpu);
    log(`16 times the pixels, ${zoom}: ${middle(ratios).toFixed(2)} times the processor time of a frame`);
  }
}

async function makePictures(): Promise<void> {
  await mkdir(join(scratch, 'tiny'));
  await mkdir(join(scratch, 'pictures'));
  await mkdir(join(scratch, 'switching'));
  await writeFile(
    join(scratch, 'tiny', 'dot.png'),
    encode({ width: 8, height: 8, data: new Uint8Array(192).fill(99), channels: 3 }),
  );
  const studio = await open('tiny');
  // Shown first, so that each of the others has to be opened.
  await writeFile(join(scratch, 'pictures', '0.jpg'), await photograph(studio.page, 640, 480));
  for (const [index, { name, width, height }] of sizes.entries()) {
    const bytes = await photograph(studio.page, width, height);
    await writeFile(join(scratch, 'pictures', `${index + 1}_${name}.jpg`), bytes);
  }
  for (let index = 0; index < 4; index++) {
    const bytes = await photograph(studio.page, 2048, 1536);
    await writeFile(join(scratch, 'switching', `${index}.jpg`), bytes);
  }
  await studio.kill();
}

/** Opens a folder in Annotate. */
async function open(folder: string): Promise<RunningStudio> {
  const userData = join(scratch, `user-${folder}`);
  await mkdir(userData, { recursive: true });
  await writeFile(
    join(userData, 'settings.json'),
    JSON.stringify({ version: 1, brushSize: BRUSH, insetsOpen: true }),
  );
  const studio = await launchStudio({ folder: join(scratch, folder), userData });
  // tsx names functions by a helper that the page does not have.
  await studio.page.evaluate('globalThis.__name ??= (value) => value');
  await studio.page.keyboard.press('Alt+2');
  await studio.page.getByTestId('annotate').waitFor();
  await studio.page.waitForTimeout(1500);
  return studio;
}

/** What is measured is painting: teacher and student have looked at the picture before. */
async function modelsAreDone(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelectorAll('.inset-message').length === 0, undefined, {
    timeout: 300_000,
  });
  await page.waitForTimeout(1000);
}

/** By key: the first picture, then on from there. */
async function choose(page: Page, index: number): Promise<void> {
  await page.keyboard.press('Home');
  for (let step = 0; step < index; step++) await page.keyboard.press('d');
}

async function zoomTo(page: Page, zoom: string): Promise<void> {
  await page.keyboard.press('f');
  if (zoom === 'fit') return;
  const fitted = await stageGeometry(page, 'stage-mask');
  const box = (await page.getByTestId('stage-mask').boundingBox())!;
  const target = zoom === '1:1' ? 1 : 4;
  // Wheel notches multiply by exp(0.0018 * delta): the delta that leads to the wanted scale.
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -Math.log(target / fitted.scale) / 0.0018);
  await page.waitForTimeout(300);
}

async function stroke(page: Page, probe: FrameProbe): Promise<StrokeFigures> {
  const geometry = await stageGeometry(page, 'stage-mask');
  const box = (await page.getByTestId('stage-mask').boundingBox())!;
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const reachX = Math.min(REACH.x * geometry.scale, box.width / 2 - 20);
  const reachY = Math.min(REACH.y * geometry.scale, box.height / 2 - 20);
  const at = (turn: number) => ({
    x: centre.x + reachX * Math.sin(turn * 2 * Math.PI * 3),
    y: centre.y + reachY * Math.sin(turn * 2 * Math.PI * 2),
  });
  return probe.stroke(async () => {
    const begin = at(0);
    await page.mouse.move(begin.x, begin.y);
    await page.mouse.down();
    const begun = performance.now();
    for (let event = 1; event <= EVENTS; event++) {
      const { x, y } = at(event / EVENTS);
      await page.mouse.move(x, y);
      const wait = begun + event * EVENT_EVERY_MS - performance.now();
      if (wait > 1) await page.waitForTimeout(wait);
    }
    await page.mouse.up();
  });
}

async function memory(): Promise<void> {
  const strokes = isLong ? 2000 : 200;
  const switches = isLong ? 200 : 20;
  const studio = await open('switching');
  const { page } = studio;
  log(`\nmemory, MB of all the studio's processes: ${strokes} strokes, ${switches} image switches`);
  let done = 0;
  for (let change = 0; change <= switches; change++) {
    if (change > 0) await choose(page, change % 4);
    await page.getByTestId('start-panel').or(page.getByTestId('history-position')).first().waitFor();
    await page.waitForTimeout(100);
    if (await page.getByTestId('start-panel').isVisible()) await page.keyboard.press('Shift+E');
    await page.getByTestId('save-state').getByText('saved').waitFor();
    const box = (await page.getByTestId('stage-mask').boundingBox())!;
    for (; done < (strokes * (change + 1)) / (switches + 1); done++) {
      await page.keyboard.press(String((done % 9) + 1));
      const x = box.x + box.width * (0.2 + 0.6 * ((done * 0.37) % 1));
      const y = box.y + box.height * (0.2 + 0.6 * ((done * 0.61) % 1));
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 60, y + 30, { steps: 3 });
      await page.mouse.up();
    }
    if (change % Math.ceil(switches / 5) === 0) log(`  ${done} strokes: ${await processMemory(studio)}`);
  }
  await studio.close();
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
