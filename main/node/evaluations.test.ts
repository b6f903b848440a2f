import { mkdirSync, writeFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import type { EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationTask, MeasuredImage } from '#core/evaluation/evaluationTask.ts';
import type { ResultFilter, ResultSort } from '#core/evaluation/resultQuery.ts';
import { measureImage, type ContestantOutput } from '#core/evaluation/measureImage.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { Evaluations } from './evaluations.ts';
import { listImageFolder } from './imageFolder.ts';
import { Project } from './project.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

const table = createClassTable(['Road', 'Car']);
const contestant = { name: 'M', keepRatio: null };
const plan: EvaluationPlan = {
  contestants: [
    { ...contestant, modelId: 't', role: 'teacher', sha256: 'aa' },
    { ...contestant, modelId: 's', role: 'student', sha256: 'bb' },
  ],
  settings: { sizing: 'square', optimise: true, boundaryWidth: 1, truth: 'corrected' },
};
const NAMES = ['a.png', 'b.png', 'c.png'];
const all = { filter: {}, sort: { by: 'name', descending: false } } as const;

let scratch: TemporaryFolder;
let project: Project;
let runs: string[];

beforeEach(async () => {
  scratch = await temporaryFolder();
  const masks = join(scratch.path, 'street/masks');
  mkdirSync(masks, { recursive: true });
  for (const [n, name] of NAMES.entries()) {
    writeImage(name, n);
    const ids = new Uint8Array([0, 0, 1, 1]);
    writeFileSync(
      join(masks, name),
      encodeIndexedPng({ width: 4, height: 1, ids }, { palette: () => [0, 0, 0] }),
    );
  }
  project = await openProject();
  runs = [];
});

afterEach(async () => {
  project.close();
  await scratch[Symbol.asyncDispose]();
});

function writeImage(name: string, shade: number): void {
  const data = new Uint8Array(12).fill(shade);
  writeFileSync(join(scratch.path, 'street', name), encode({ width: 4, height: 1, data, channels: 3 }));
}

async function openProject(): Promise<Project> {
  const listing = await listImageFolder(join(scratch.path, 'street'));
  return Project.open(listing, { projectsFolder: join(scratch.path, 'projects'), classTable: table });
}

/** The teacher is right; the student says Car of the first `wrong` pixels more. */
function output(index: number, task: EvaluationTask): ContestantOutput {
  runs.push(`${task.name} ${index === 0 ? 'teacher' : 'student'}`);
  const wrong = index === 0 ? 0 : NAMES.indexOf(task.name);
  const ids = new Uint8Array([0, 0, 1, 1]).fill(1, 0, wrong);
  const logits = new Float32Array(8);
  ids.forEach((id, x) => (logits[id * 4 + x] = 4));
  return {
    classMap: { width: 4, height: 1, ids },
    logits: { logits, classes: 2, width: 4, height: 1 },
    facts: { ms: { decode: 1, preprocess: 1, inference: 8, postprocess: 0 }, macs: 1e9, gates: null },
  };
}

async function measure(task: EvaluationTask): Promise<MeasuredImage> {
  const { imageId, sha256, truthKey } = task;
  const run = (index: number) => Promise.resolve(output(index, task));
  const contestants = await measureImage(task, { plan, table, modelTables: [table, table], run });
  return { imageId, sha256, truthKey, contestants };
}

/** Asks for tasks and stores what comes of them, until none is left; `most`: a kill after so many. */
async function work(evaluations: Evaluations, runId: number, most = Infinity): Promise<void> {
  for (let done = 0; done < most; done++) {
    const [task] = await evaluations.next(runId, 1);
    if (!task) return;
    await evaluations.store(runId, [await measure(task)], []);
  }
}

const quiet = () => undefined;

test('a run measures every image once, and says how far it is', async () => {
  const told: string[] = [];
  const evaluations = new Evaluations(project, ({ state, progress }) =>
    told.push(`${state} ${progress.done}/${progress.total}`),
  );
  const { id } = await evaluations.create('first', plan);
  expect(await evaluations.next(id, 1)).toEqual([]);
  await evaluations.start(id);
  await work(evaluations, id);
  expect(runs).toHaveLength(6);
  expect(told[0]).toBe('running 0/3');
  expect(told.at(-1)).toBe('done 3/3');
  const figures = await evaluations.figures(id, {});
  expect(figures.images).toBe(3);
  expect(figures.contestants[0]!.quality!.headlines.miou.value).toBe(1);
  // Right: Road 3 of 6, Car 6 of 9 claimed.
  expect(figures.contestants[1]!.quality!.headlines.miou.value).toBeCloseTo((3 / 6 + 6 / 9) / 2, 12);
});

test('sorted, filtered, counted and mapped', async () => {
  const evaluations = new Evaluations(project, quiet);
  const { id } = await evaluations.create('first', plan);
  await evaluations.start(id);
  await work(evaluations, id);
  const drop = { by: 'metric', contestant: 1, metric: 'accuracyDrop', descending: true } as const;
  const page = await evaluations.results(id, { filter: {}, sort: drop }, { offset: 0, limit: 2 });
  expect(page.total).toBe(3);
  expect(page.rows.map(({ name }) => name)).toEqual(['c.png', 'b.png']);
  expect(page.rows[0]!.contestants[1]).toMatchObject({
    metrics: { accuracyDrop: 0.5, miouDrop: 0.75 },
    worst: { x: 0, y: 0, width: 2, height: 1, area: 2 },
  });
  const cell = { contestant: 1, against: 'truth', row: 0, column: 1 } as const;
  const behind = await evaluations.results(
    id,
    { filter: { cell }, sort: { by: 'cell', cell } },
    { offset: 0, limit: 9 },
  );
  expect(behind.rows.map(({ name, cellPixels }) => [name, cellPixels])).toEqual([
    ['c.png', 2],
    ['b.png', 1],
  ]);
  const range = { contestant: 1, metric: 'accuracyDrop', min: 0.2, max: 0.3 } as const;
  expect(await evaluations.order(id, { ...all, filter: { ranges: [range] } })).toEqual(Uint32Array.of(2));
  expect(await evaluations.histogram(id, {}, { contestant: 1, metric: 'accuracyDrop', bins: 2 })).toEqual({
    edges: [0, 0.25, 0.5],
    counts: [1, 2],
    missing: 0,
  });
  const map = await evaluations.classMap(id, { imageId: 3, contestant: 1, modelTable: table });
  expect(map).toEqual({ width: 4, height: 1, ids: new Uint8Array([1, 1, 1, 1]) });
});

test('classes, cells and pages are in step with results that come while somebody looks', async () => {
  const evaluations = new Evaluations(project, quiet);
  const { id } = await evaluations.create('first', plan);
  await evaluations.start(id);
  await work(evaluations, id, 2);
  const cell = { contestant: 1, against: 'truth', row: 0, column: 1 } as const;
  const names = async (filter: ResultFilter, sort: ResultSort = all.sort): Promise<string[]> =>
    (await evaluations.results(id, { filter, sort }, { offset: 0, limit: 9 })).rows.map(({ name }) => name);
  expect(await names({ cell }, { by: 'cell', cell })).toEqual(['b.png']);
  expect(await names({ classId: 1 })).toEqual(['a.png', 'b.png']);
  expect(await names({ truth: 'without' })).toEqual([]);
  await work(evaluations, id);
  expect(await names({ cell }, { by: 'cell', cell })).toEqual(['c.png', 'b.png']);
  expect(await names({ classId: 1 })).toEqual(['a.png', 'b.png', 'c.png']);
  expect((await evaluations.figures(id, { cell })).images).toBe(2);
  // The same ones for who opens the project anew.
  const anew = new Evaluations(project, quiet);
  const page = await anew.results(
    id,
    { filter: { cell }, sort: { by: 'cell', cell } },
    { offset: 1, limit: 1 },
  );
  expect(page).toMatchObject({ total: 2, rows: [{ name: 'b.png', cellPixels: 1 }] });
  expect((await anew.results(id, { ...all, filter: { classId: 1 } }, { offset: 0, limit: 1 })).total).toBe(3);
  // Review states change beside the results.
  project.store.setReview({ imageId: 2, state: 'done', note: '' });
  expect(await names({ review: ['done'] })).toEqual(['b.png']);
  project.store.setReview({ imageId: 3, state: 'done', note: '' });
  expect(await names({ review: ['done'] }, { by: 'name', descending: true })).toEqual(['c.png', 'b.png']);
});

test('a run goes on where the studio ended, and another run shares its results', async () => {
  const before = new Evaluations(project, quiet);
  const { id } = await before.create('first', plan);
  await before.start(id);
  await work(before, id, 2);
  // Given out, and lost with the process.
  await before.next(id, 1);
  project.close();
  project = await openProject();
  const after = new Evaluations(project, quiet);
  expect((await after.list())[0]).toMatchObject({ state: 'ready', progress: { done: 2, total: 3 } });
  runs = [];
  await after.start(id);
  await work(after, id);
  expect(runs).toEqual(['c.png teacher', 'c.png student']);
  const other = await after.create('second', plan);
  expect(await after.start(other.id)).toMatchObject({ state: 'done', progress: { done: 3 } });
});

test('changed files are measured again; corrected masks are counted at once, then run again for their confidences', async () => {
  const evaluations = new Evaluations(project, quiet);
  const { id } = await evaluations.create('first', plan);
  await evaluations.start(id);
  await work(evaluations, id);
  runs = [];
  // A person says that the whole of b.png is Car.
  const width = 4;
  const empty = { width, height: 1, ids: new Uint8Array(4).fill(255) };
  const patch = encodePatch(
    patchBetween(empty, { width, height: 1, ids: new Uint8Array(4).fill(1) })!,
  ).slice();
  project.store.commitStep({ imageId: 2, width, height: 1, label: 'Brush Car', patch, origin: null });
  await evaluations.figures(id, {});
  expect((await evaluations.list())[0]!.state).toBe('running');
  await work(evaluations, id, 1);
  expect(runs).toEqual([]);
  expect((await evaluations.figures(id, {})).contestants[1]!.calibration!.images).toBe(2);
  const [row] = (
    await evaluations.results(id, { ...all, filter: { truth: 'with' } }, { offset: 1, limit: 1 })
  ).rows;
  expect(row!.contestants.map((one) => one!.metrics.pixelAccuracy)).toEqual([0.5, 0.75]);
  await work(evaluations, id);
  expect(runs).toEqual(['b.png teacher', 'b.png student']);
  const [, student] = (await evaluations.figures(id, {})).contestants;
  expect(student!.calibration!.images).toBe(3);
  expect((await evaluations.list())[0]!.state).toBe('done');
  runs = [];

  writeImage('c.png', 77);
  utimesSync(join(scratch.path, 'street/c.png'), 1, 1);
  project.close();
  project = await openProject();
  const again = new Evaluations(project, quiet);
  await again.start(id);
  await work(again, id);
  expect(runs).toEqual(['c.png teacher', 'c.png student']);
});

test('paused there are no tasks; a failed image is told and does not hold up the others', async () => {
  const evaluations = new Evaluations(project, quiet);
  const { id } = await evaluations.create('first', plan);
  await evaluations.start(id);
  await evaluations.pause(id);
  expect(await evaluations.next(id, 3)).toEqual([]);
  await evaluations.start(id);
  const [task] = await evaluations.next(id, 1);
  const problem = { code: 'image.corrupt', severity: 'error', title: 'damaged', subject: 'a.png' } as const;
  await evaluations.store(id, [], [{ imageId: task!.imageId, problem }]);
  await work(evaluations, id);
  expect((await evaluations.list())[0]).toMatchObject({
    state: 'done',
    progress: { done: 2, total: 3, failed: 1 },
    problems: [problem],
  });
  await evaluations.cancel(id);
  evaluations.remove(id);
  expect(await evaluations.list()).toEqual([]);
  await expect(evaluations.figures(id, {})).rejects.toThrow(`the project has no evaluation ${id}`);
});
