import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import { resultKey } from '#core/evaluation/evaluationPlan.ts';
import { gateDistances } from '#core/evaluation/gateDistances.ts';
import { imageMetrics } from '#core/evaluation/imageMetrics.ts';
import type { ImageResult } from '#core/evaluation/imageResult.ts';
import { gateBitsText } from '#core/evaluation/packedGates.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { EvaluationGates } from './evaluationGates.ts';
import { EvaluationIndex } from './evaluationIndex.ts';
import { listImageFolder } from './imageFolder.ts';
import { Project } from './project.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

const table = createClassTable(['Road', 'Car']);
const plan: EvaluationPlan = {
  contestants: [{ modelId: 's', name: 'S', keepRatio: null, role: 'student', sha256: 'bb' }],
  settings: { sizing: 'square', optimise: true, boundaryWidth: 1, truth: 'corrected' },
};
const BITS = [0b1111, 0b1110, 0b0001];

let scratch: TemporaryFolder;
let project: Project;

beforeEach(async () => {
  scratch = await temporaryFolder();
  mkdirSync(join(scratch.path, 'street'), { recursive: true });
  for (const n of BITS.keys()) {
    const data = new Uint8Array(12).fill(n);
    writeFileSync(imageFile(n), encode({ width: 4, height: 1, data, channels: 3 }));
  }
  project = await openProject();
  BITS.forEach((bits, n) => putGates(n, bits));
});

afterEach(async () => {
  project.close();
  await scratch[Symbol.asyncDispose]();
});

function imageFile(n: number): string {
  return join(scratch.path, 'street', `${n}.png`);
}

async function openProject(): Promise<Project> {
  const listing = await listImageFolder(join(scratch.path, 'street'));
  return Project.open(listing, { projectsFolder: join(scratch.path, 'projects'), classTable: table });
}

async function openAgain(): Promise<void> {
  project.close();
  project = await openProject();
}

function resultOf(bits: number): ImageResult {
  return {
    version: 1,
    width: 4,
    height: 1,
    ms: { decode: 1, preprocess: 1, inference: 8, postprocess: 0 },
    macs: 1e9,
    gates: { neurons: 4, bits: gateBitsText(Uint8Array.of(bits)) },
    truth: null,
    calibration: null,
    reference: null,
    worst: null,
  };
}

function putGates(n: number, bits: number): void {
  const result = resultOf(bits);
  const metrics = imageMetrics(result, null, table);
  const stored = { resultKey: resultKey(plan, 0), outputKey: 'output', result, metrics, map: null };
  const imageId = project.store.images().find(({ name }) => name === `${n}.png`)!.id;
  project.store.evaluations.put({ imageId, sha256: 'ab', truthKey: '', results: [stored] });
}

function gatesOf(images = project.listing.images.length): { gates: EvaluationGates; column: Float64Array } {
  const names = Array.from({ length: images }, (_, n) => `${n}.png`);
  const stored = project.store.images();
  const ids = names.flatMap((name) => stored.find((image) => image.name === name)?.id ?? []);
  const index = new EvaluationIndex(ids, 1);
  const gates = new EvaluationGates({ table: project.store.evaluations, plan, index }, true);
  return { gates, column: index.column(0, 'gateDistance')! };
}

/** As they are defined. */
function expected(all: readonly number[]): (number | null)[] {
  return gateDistances(all.map((bits) => resultOf(bits).gates));
}

test('distances are found, stored, and there when the project is opened again', async () => {
  const { gates, column } = gatesOf();
  expect([...column]).toEqual([NaN, NaN, NaN]);
  await gates.fill();
  expect([...column]).toEqual(expected(BITS));
  await openAgain();
  expect([...gatesOf().column]).toEqual(expected(BITS));
});

test('a new result makes what was stored invalid', async () => {
  await gatesOf().gates.fill();
  putGates(1, 0b0011);
  const { gates, column } = gatesOf();
  expect([...column]).toEqual([NaN, NaN, NaN]);
  await gates.fill();
  expect([...column]).toEqual(expected([0b1111, 0b0011, 0b0001]));
});

test('so does another set of images', async () => {
  await gatesOf().gates.fill();
  rmSync(imageFile(2));
  await openAgain();
  const { gates, column } = gatesOf(2);
  expect([...column]).toEqual([NaN, NaN]);
  await gates.fill();
  expect([...column]).toEqual(expected([0b1111, 0b1110]));
});

test('a run that is removed takes its distances along', async () => {
  const { evaluations } = project.store;
  const runId = evaluations.createRun('first', plan);
  await gatesOf().gates.fill();
  evaluations.removeRun(runId, []);
  expect([...gatesOf().column]).toEqual([NaN, NaN, NaN]);
});
