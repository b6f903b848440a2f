import { describe, expect, it } from 'vitest';
import { evaluationSettingsSchema } from '#core/evaluation/evaluationPlan.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { modelCardSchema, preprocessorConfigSchema, type ModelInfo } from '#core/models/modelInfo.ts';
import { offeredRatios, planName, planOf, toggleRatio, type PlanDraft } from './planDraft.ts';

const gates = [{ name: 'g', stage: 0, block: 0, kind: 'mlp', neurons: 10, kept: 7 }];

const model = (id: string, role: 'teacher' | 'student', keepRatio: number): ModelInfo => ({
  id,
  role,
  name: id.toUpperCase(),
  folder: `/models/${id}`,
  onnxFile: `/models/${id}/onnx/model.onnx`,
  onnxUrl: `studio://app/model/${id}/model.onnx`,
  bytes: 1,
  sha256: id,
  classTable: createClassTable(['Road']),
  preprocessor: preprocessorConfigSchema.parse({}),
  card: modelCardSchema.parse({ id, role, name: id, keepRatio, gates: role === 'student' ? gates : [] }),
  embedded: true,
  problems: [],
});

const models = [model('t', 'teacher', 1), model('s', 'student', 0.7)];
const draft: PlanDraft = {
  teacherId: 't',
  students: new Map(),
  settings: evaluationSettingsSchema.parse({}),
};

describe('a new run', () => {
  it('offers the trained ratio once, as null', () => {
    expect(offeredRatios(models[1]!)).toEqual([null, 1, 0.9, 0.8, 0.6, 0.5, 0.4, 0.3]);
    expect(offeredRatios(models[0]!)).toEqual([null]);
  });

  it('has the teacher first, and a student once per ratio, most kept first', () => {
    const chosen = [0.3, null, 0.9].reduce((all, ratio) => toggleRatio(all, 's', ratio), draft);
    const plan = planOf(toggleRatio(chosen, 's', 0.3), models);
    expect(plan.contestants.map(({ modelId, role, keepRatio }) => [modelId, role, keepRatio])).toEqual([
      ['t', 'teacher', null],
      ['s', 'student', 0.9],
      ['s', 'student', null],
    ]);
    expect(planName(plan)).toBe('T · S at 0.9, as trained');
  });

  it('has what was chosen for the classes of a model', () => {
    const chosen = toggleRatio(draft, 's', null);
    const choices: Record<string, Record<string, string>> = { s: { lane: 'Road' } };
    const plan = planOf(chosen, models, ({ id }) => choices[id] ?? {});
    expect(plan.contestants.map(({ map }) => map)).toEqual([undefined, { lane: 'Road' }]);
  });

  it('takes the teacher as nothing else, and does without one', () => {
    const twice = toggleRatio(toggleRatio(draft, 't', null), 's', null);
    expect(planOf(twice, models).contestants.map(({ role }) => role)).toEqual(['teacher', 'student']);
    const alone = planOf({ ...twice, teacherId: null }, models);
    expect(alone.contestants.map(({ modelId, role }) => [modelId, role])).toEqual([
      ['t', 'student'],
      ['s', 'student'],
    ]);
  });
});
