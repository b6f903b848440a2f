import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { optimiserVersion } from '#core/onnx/segformer/optimiseModel.ts';
import { readModelFolder } from '../../main/node/modelFolder.ts';
import { inRepository } from '../../scripts/repository.ts';
import { BENCH_FOLDER, withForm, type BenchModel } from './material.ts';
import { readEvaluation, runDynaseg } from './runDynaseg.ts';

const SAMPLES = {
  images: inRepository('samples', 'images'),
  masks: inRepository('samples', 'masks'),
};

/** A student may be so much worse than its teacher, in points of mean IoU. */
const MAY_LOSE = 1;

/** The light forms of a student, as `dynaseg lighten` makes them of the samples. */
export interface LightStudents {
  /** At the student's own size, with as many neurons as keep it near its teacher. */
  readonly light: BenchModel;
  /** Fed pictures whose sides are four fifths. */
  readonly lightSmall: BenchModel;
}

/** Makes them, once for a file of the student's. */
export async function lightStudents(student: ModelInfo): Promise<LightStudents> {
  const { size } = student.preprocessor;
  if (typeof size === 'number' || !('height' in size)) {
    throw new Error(`${student.id} has no height and width of its own`);
  }
  const fifths = (side: number) => Math.round((side * 0.8) / 32) * 32;
  const small = `${fifths(size.height)}x${fifths(size.width)}`;
  const make = async (name: string, ...options: readonly string[]): Promise<BenchModel> => {
    const id = `${student.id}-${name}-${student.sha256.slice(0, 12)}-${optimiserVersion}`;
    const folder = join(BENCH_FOLDER, 'models', id);
    const known = await readModelFolder(folder).catch(() => null);
    if (known) return withForm(known);
    await rm(folder, { recursive: true, force: true });
    await runDynaseg(['lighten', student.folder, '--images', SAMPLES.images, '--out', folder, ...options]);
    return withForm(await readModelFolder(folder));
  };
  return {
    light: await make('light', '--keep', '0.6'),
    lightSmall: await make(`light-${small}`, '--size', small),
  };
}

/** A student that may be the best one. */
export interface Candidate {
  /** Among those that are timed. */
  readonly name: 'keep70' | 'keep50' | 'light' | 'lightSmall';
  readonly folder: string;
  readonly keep?: string;
}

export interface NearTeacher {
  /** Those within 1.0 points of the teacher on the samples. */
  readonly within: readonly Candidate['name'][];
  /** What was measured, for people. */
  readonly note: string;
}

/** Measures teacher and candidates on the samples, with `dynaseg evaluate`. */
export async function nearTeacher(
  teacher: ModelInfo,
  candidates: readonly Candidate[],
): Promise<NearTeacher> {
  const measure = async (folder: string, keep?: string) => {
    const more = keep === undefined ? [] : ['--keep', keep];
    const data = ['--images', SAMPLES.images, '--masks', SAMPLES.masks];
    const { miou } = readEvaluation(
      await runDynaseg(['evaluate', '--model', folder, ...data, ...more, '--json']),
    );
    return miou * 100;
  };
  const reference = await measure(teacher.folder);
  const within: Candidate['name'][] = [];
  const said = [`teacher ${reference.toFixed(1)}`];
  for (const { name, folder, keep } of candidates) {
    const miou = await measure(folder, keep);
    said.push(`${name} ${miou.toFixed(1)}`);
    if (miou >= reference - MAY_LOSE) within.push(name);
  }
  return { within, note: `mean IoU on the samples: ${said.join(', ')}` };
}
