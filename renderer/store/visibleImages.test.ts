import { describe, expect, it } from 'vitest';
import { DEFAULT_RUN_SETTINGS } from '#core/inference/runSettings.ts';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import type { ModelRun } from './useResults.ts';
import { agreementOf, computeFigures, sumFigures, type ImageFigures } from './imageFigures.ts';
import { neighbour, visibleImages } from './visibleImages.ts';

const image = (id: number, name: string): ImageEntry => ({
  id,
  name,
  width: 2,
  height: 2,
  bytes: 10,
  url: `studio://app/image/p/${id}`,
  hasTruth: false,
  hasMask: false,
  problem: null,
});
const images = [image(1, 'a/street.png'), image(2, 'a/park.png'), image(3, 'b/street.jpg')];

const table = createClassTable(['Sky', 'Road']);
const run = (modelId: string, ids: number[]): ModelRun => ({
  imageId: 1,
  modelId,
  modelSha256: modelId,
  classMap: { width: 2, height: 2, ids: Uint8Array.from(ids) },
  table,
  logits: { logits: new Float32Array(2), classes: 2, height: 1, width: 1 },
  timings: { decode: 0, preprocess: 0, inference: 0, postprocess: 0 },
  macs: null,
  uncounted: [],
  parameters: null,
  backend: 'wasm',
  inputWidth: 4,
  inputHeight: 4,
  tiles: 1,
  gates: null,
  cold: false,
  settings: DEFAULT_RUN_SETTINGS,
});
const figures = (student: number[], truth: number[] | null): ImageFigures =>
  computeFigures({
    teacher: run('t', [0, 0, 1, 1]),
    student: run('s', student),
    truth: truth && { ids: Uint8Array.from(truth) },
    table,
  });

describe('the library', () => {
  it('finds images by words in any order', () => {
    const shown = visibleImages(images, { filter: 'STREET b', sort: 'name', figures: new Map() });
    expect(shown.map(({ id }) => id)).toEqual([3]);
  });

  it('puts the strongest disagreement first and what is not compared last', () => {
    const known = new Map([
      [2, figures([0, 0, 1, 0], null)],
      [3, figures([1, 0, 0, 0], null)],
    ]);
    const shown = visibleImages(images, { filter: '', sort: 'disagreement', figures: known });
    expect(shown.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it('shows one state of review, and puts first what needs hands', () => {
    const reviewOf = (id: number) => (id === 1 ? 'approved' : id === 2 ? 'todo' : 'rejected');
    const query = { filter: '', figures: new Map(), reviewOf } as const;
    const all = visibleImages(images, { ...query, sort: 'review' });
    expect(all.map(({ id }) => id)).toEqual([3, 2, 1]);
    const toDo = visibleImages(images, { ...query, sort: 'name', reviewFilter: 'todo' });
    expect(toDo.map(({ id }) => id)).toEqual([2]);
  });

  it('stops at the ends', () => {
    expect(neighbour(images, 1, -1)?.id).toBe(1);
    expect(neighbour(images, 2, 1)?.id).toBe(3);
    expect(neighbour(images, 3, 5)?.id).toBe(3);
    expect(neighbour(images, 99, 1)?.id).toBe(1);
    expect(neighbour([], 1, 1)).toBeNull();
  });
});

describe('figures', () => {
  it('count the pixels that agree, and the truth without its ignored pixels', () => {
    const one = figures([0, 0, 1, 0], [0, 255, 1, 1]);
    expect(agreementOf(one)).toBe(0.75);
    expect(one.truthTeacher?.counts).toEqual(Float64Array.of(1, 0, 0, 0, 2, 0));
    expect(one.truthStudent?.counts).toEqual(Float64Array.of(1, 0, 0, 1, 1, 0));
  });

  it('add up over images, with truth where there is truth', () => {
    const sum = sumFigures([figures([0, 0, 1, 0], [0, 0, 1, 1]), figures([0, 0, 1, 1], null)]);
    expect(sum).toMatchObject({ images: 2, imagesWithTruth: 1 });
    expect(sum.teacherStudent?.counts).toEqual(Float64Array.of(4, 0, 0, 1, 3, 0));
  });

  it('say why a truth of another size cannot be counted', () => {
    expect(figures([0, 0, 1, 1], [0, 1]).problem?.title).toBe(
      '4 predicted pixels cannot be compared with 2 true ones',
    );
  });

  it('compare models whose tables order the classes differently', () => {
    const student = { ...run('s', [1, 1, 0, 0]), table: createClassTable(['road', 'sky'], classId(255)) };
    const one = computeFigures({ teacher: run('t', [0, 0, 1, 1]), student, truth: null, table });
    expect(agreementOf(one)).toBe(1);
  });
});
