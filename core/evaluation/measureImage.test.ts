import { expect, test } from 'vitest';
import { createClassTable } from '../labels/classTable.ts';
import { FigureSum } from './aggregateFigures.ts';
import { resultKey, type EvaluationPlan } from './evaluationPlan.ts';
import { imageMetrics } from './imageMetrics.ts';
import { measureImage, type ContestantOutput } from './measureImage.ts';

const table = createClassTable(['Road', 'Car']);
const settings = { sizing: 'square', optimise: true, boundaryWidth: 1, truth: 'files' } as const;
const contestant = { name: 'M', sha256: 'ab', keepRatio: null };
const plan: EvaluationPlan = {
  contestants: [
    { ...contestant, modelId: 't', role: 'teacher' },
    { ...contestant, modelId: 's', role: 'student', keepRatio: 0.5 },
  ],
  settings,
};

/** A 4 x 1 picture: what a model says of it, and how sure it is of it. */
function output(ids: number[], lead: number): ContestantOutput {
  const logits = new Float32Array(8);
  ids.forEach((id, x) => (logits[id * 4 + x] = lead));
  return {
    classMap: { width: 4, height: 1, ids: Uint8Array.from(ids) },
    logits: { logits, classes: 2, width: 4, height: 1 },
    facts: { ms: { decode: 1, preprocess: 2, inference: 30, postprocess: 4 }, macs: 5e9, gates: null },
  };
}
const outputs = [output([0, 0, 1, 1], 4), output([0, 1, 1, 0], 4)];
const context = {
  plan,
  table,
  modelTables: [table, table],
  run: (index: number) => Promise.resolve(outputs[index]!),
};
const truth = new Uint8Array([0, 0, 1, 255]);

test('figures against the truth and the teacher, and the region that only the teacher has right', async () => {
  const [teacher, student] = await measureImage({ truth, earlier: [null, null] }, context);
  expect(teacher!.result.truth!.confusion).toEqual([0, 2, 4, 1]);
  expect(student!.result.truth!.confusion).toEqual([0, 1, 1, 1, 4, 1]);
  expect(student!.result.reference!.confusion).toEqual([0, 1, 1, 1, 3, 1, 4, 1]);
  expect(student!.result.worst).toEqual({ x: 1, y: 0, width: 1, height: 1, area: 1 });
  expect(teacher!.result.worst).toBeNull();
  expect(teacher!.result.reference).toBeNull();
  // Two of four positions say the opposite with a lead of 4: KL = 4 tanh(2) each.
  const { sum, positions } = student!.result.reference!.divergence!;
  expect(sum / positions).toBeCloseTo((2 * 4 * Math.tanh(2)) / 4, 5);
  const metrics = imageMetrics(student!.result, teacher!.result, table);
  // Road 1/2, Car 1/2 against 1 and 1.
  expect(metrics).toMatchObject({
    miou: 0.5,
    miouDrop: 0.5,
    disputed: 0.5,
    milliseconds: 37,
    worstRegion: 1,
  });
  expect(metrics.pixelAccuracy).toBeCloseTo(2 / 3, 12);
});

test('a corrected truth is counted on stored maps: nothing is run, and KL stays', async () => {
  const first = await measureImage({ truth, earlier: [null, null] }, context);
  const earlier = first.map(({ result, ids }) => ({ ids: ids!, result }));
  const again = await measureImage(
    { truth: new Uint8Array([0, 1, 1, 0]), earlier },
    {
      ...context,
      run: () => Promise.reject(new Error('a model was run')),
    },
  );
  const metrics = imageMetrics(again[1]!.result, again[0]!.result, table);
  expect(metrics).toMatchObject({ miou: 1, calibrationError: null });
  expect(again[1]!.result.reference).toEqual(first[1]!.result.reference);
  expect(again[1]!.ids).toBeNull();
});

test('without truth models are measured against each other', async () => {
  const [teacher, student] = await measureImage({ truth: null, earlier: [null, null] }, context);
  expect(imageMetrics(teacher!.result, null, table)).toMatchObject({ miou: null, disputed: null });
  expect(imageMetrics(student!.result, teacher!.result, table)).toMatchObject({ miou: null, disputed: 0.5 });
  expect(student!.result.worst!.area).toBe(1);
});

test('a truth of another size is refused', async () => {
  await expect(measureImage({ truth: new Uint8Array(3), earlier: [null, null] }, context)).rejects.toThrow(
    'its truth has 3 pixels, the picture 4 x 1. A mask has the size of its image, turned upright',
  );
});

test('figures of a folder: teacher, student and the paired difference with its interval', async () => {
  const sum = new FigureSum(plan, table);
  const results = (await measureImage({ truth, earlier: [null, null] }, context)).map(({ result }) => result);
  for (let n = 0; n < 4; n++) sum.add(results);
  const { contestants, images } = await sum.figures();
  expect(images).toBe(4);
  const [teacher, student] = contestants;
  expect(teacher!.quality!.headlines.miou).toEqual({ value: 1, low: 1, high: 1 });
  expect(teacher!.quality!.difference).toBeNull();
  expect(student!.quality!.difference!.miou).toEqual({ value: -0.5, low: -0.5, high: -0.5 });
  expect(student!.quality!.classes[1]).toMatchObject({ name: 'Car', iou: 0.5, precision: 0.5, recall: 1 });
  expect(student!.quality!.classes[1]!.difference).toEqual({ value: -0.5, low: -0.5, high: -0.5 });
  expect(student!.agreement!.equalShare).toBe(0.5);
  expect(student!.cost).toEqual({ median: 37, p95: 37, mean: 37, macs: 5e9 });
  // As fast as the teacher, and worse.
  expect([teacher!.onFront, student!.onFront]).toEqual([true, false]);
});

test('a model of other classes is measured in those of the figures, as it is mapped', async () => {
  const other = createClassTable(['street', 'lorry', 'van', 'sky']);
  const classMap = { width: 4, height: 1, ids: Uint8Array.of(0, 1, 2, 3) };
  // Every position: street 0.1, lorry 0.3, van 0.2, sky 0.4.
  const logits = Float32Array.from([0.1, 0.3, 0.2, 0.4].flatMap((p) => Array<number>(4).fill(Math.log(p))));
  const foreign = { ...outputs[0]!, classMap, logits: { logits, classes: 4, width: 4, height: 1 } };
  const map = { street: 'road', lorry: 'Car', van: 'Car' };
  const mapped: EvaluationPlan = {
    ...plan,
    contestants: [plan.contestants[0]!, { ...plan.contestants[1]!, map }],
  };
  const [teacher, student] = await measureImage(
    { truth: Uint8Array.of(0, 1, 1, 1), earlier: [null, null] },
    {
      plan: mapped,
      table,
      modelTables: [table, other],
      run: (index) => Promise.resolve(index === 0 ? outputs[0]! : foreign),
    },
  );
  // Rows truth, columns road, car, ignored: 1 road, 2 cars, and the sky.
  expect(student!.result.truth!.confusion).toEqual([0, 1, 4, 2, 5, 1]);
  // The confidence of a car is that of lorry and van together: 0.5; of the road 0.1, of the sky 0.
  const { confidence } = student!.result.calibration!;
  expect(confidence.reduce((sum, value) => sum + value, 0) / 255).toBeCloseTo(0.1 + 0.5 + 0.5, 1);
  expect(student!.ids).toEqual(classMap.ids);
  expect(teacher!.result.reference).toBeNull();
  expect(resultKey(mapped, 1)).not.toBe(resultKey(plan, 1));
  // Counted again on what is stored, it is the same.
  const earlier = [teacher!, student!].map(({ result, ids }) => ({ ids: ids!, result }));
  const again = await measureImage(
    { truth: Uint8Array.of(0, 1, 1, 1), earlier },
    { plan: mapped, table, modelTables: [table, other], run: () => Promise.reject(new Error('run')) },
  );
  expect(again[1]!.result.truth).toEqual(student!.result.truth);
});
