import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { defaultModel } from '../cli/defaultModel.ts';
import { catalogFile } from '../cli/repositoryFiles.ts';
import { resolveModel } from '../main/node/modelCatalog.ts';
import { hasDisplay, startVirtualDisplay } from '../scripts/virtualDisplay.ts';
import { ElectronBench, buildBenchPage } from './pipeline/electronBench.ts';
import { GOALS } from './pipeline/goals.ts';
import { BENCH_FOLDER, benchImage, installPeer, plainModel, withForm } from './pipeline/material.ts';
import { lightStudents, nearTeacher } from './pipeline/lightStudents.ts';
import { nodeContestants, type BenchModels } from './pipeline/nodeContestants.ts';
import { missing, verdictOf, type Row } from './pipeline/row.ts';
import type { Series } from './pipeline/series.ts';
import { measureSlider } from './pipeline/sliderRow.ts';
import { timedRows } from './pipeline/timedRows.ts';

/*
 * `npm run bench`: what README claims of speed and memory, measured. Contestants take turns, figures are medians,
 * ratios are taken round by round. `--rounds N` (5), `--only node` or `--only electron`.
 */
const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const rounds = Number(argument('--rounds') ?? 5);
const only = argument('--only');
const log = (line: string): void => console.error(`bench: ${line}`);

await installPeer(log);
const images = { small: await benchImage(683, 512), large: await benchImage(2048, 1536) };
const teacher = await resolveModel(await defaultModel('teacher'), catalogFile);
const student = await resolveModel(await defaultModel('student'), catalogFile);
const models: BenchModels = {
  b0of150: await plainModel({ labels: 150, height: 512, width: 512 }, log),
  b0of11: await plainModel({ labels: 11, height: 360, width: 480 }, log),
  teacher: await withForm(teacher),
  student: await withForm(student),
  ...(await lightStudents(student)),
};
const near = await nearTeacher(teacher, [
  { name: 'keep70', folder: student.folder, keep: '0.7' },
  { name: 'keep50', folder: student.folder, keep: '0.5' },
  { name: 'light', folder: models.light.info.folder },
  { name: 'lightSmall', folder: models.lightSmall.info.folder },
]);
const { within } = near;
const rows: Row[] = [];
const series: Series[] = [];
const notes: string[] = [near.note];

if (only !== 'electron') {
  const { contestants, agree } = await nodeContestants(models, images);
  const { different, pixels } = await agree();
  notes.push(
    `class map of the plain export by transformers.js and of the optimised form by the studio, from the same input: ${different} of ${pixels} pixels differ`,
  );
  const timed = await timedRows(contestants, { rounds, within, log });
  rows.push(...timed.rows);
  series.push(...timed.series);
}
if (only !== 'node') {
  const display = hasDisplay() ? null : await startVirtualDisplay();
  if (display) process.env.DISPLAY = display.name;
  try {
    await buildBenchPage(models);
    const bench = await ElectronBench.launch(models);
    try {
      const contestants = bench.contestants(images);
      const timed = await timedRows(contestants, { rounds, within, log });
      rows.push(...timed.rows);
      series.push(...timed.series);
      // The page compares the last masks of both: these two are of one image and one model.
      await contestants.peer('small');
      await contestants.ours('small');
      const share = await bench.equalShare();
      notes.push(
        `whole pipeline in Electron, each with its own resizing (the browser's, and Pillow's bit for bit): ${(share * 100).toFixed(2)}% of pixels equal`,
      );
    } finally {
      await bench.close();
    }
    log('Electron: memory');
    const fresh = await ElectronBench.launch(models);
    try {
      const peak = await fresh.peakMemory(images.small);
      rows.push({ ...GOALS.memory, where: 'Electron', value: peak, text: `${peak.toFixed(0)} MB` });
    } finally {
      await fresh.close();
    }
    log('Electron: slider');
    const slider = { ...GOALS.slider, where: 'Electron' as const };
    try {
      const { median } = await measureSlider(rounds);
      rows.push({ ...slider, value: median, text: `${median.toFixed(0)} ms` });
    } catch (error) {
      rows.push(missing(slider, error));
    }
  } catch (error) {
    // What was not reached says why in its place.
    const reached = new Set(rows.filter(({ where }) => where === 'Electron').map(({ name }) => name));
    for (const goal of Object.values(GOALS)) {
      if (!reached.has(goal.name)) rows.push(missing({ ...goal, where: 'Electron' }, error));
    }
  } finally {
    display?.stop();
  }
}

const header = ['what', 'where', 'measured', 'must', 'aim', ''];
const lines = rows.map((row) => [
  row.name,
  row.where,
  row.text,
  String(row.must),
  String(row.aim),
  verdictOf(row),
]);
const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]!.length)));
console.log(
  [header, ...lines]
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  '))
    .join('\n'),
);
for (const note of notes) console.log(note);
const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}`;
console.log(`${machine}; ${rounds} rounds, medians, contestants in turn`);
const folder = join(BENCH_FOLDER, 'results');
await mkdir(folder, { recursive: true });
const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`);
await writeFile(file, `${JSON.stringify({ machine, rounds, rows, notes, series }, null, 2)}\n`);
console.log(file);
process.exit(0);
