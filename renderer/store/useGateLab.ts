import { create } from 'zustand';
import { countFlips, type Flips } from '#core/gates/countFlips.ts';
import type { FeatureErrors } from '#core/gates/featureErrors.ts';
import { keptNeurons } from '#core/gates/gateBits.ts';
import { gateLayout, type GateLayout } from '#core/gates/gateLayout.ts';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { GateOverride } from '#core/onnx/overrideGates.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { LabCancelled, runLab } from '../inference/gatesClient.ts';
import type { OverrideAnswer } from '../inference/gatesProtocol.ts';
import { gateReference, iouAgainst, type GateReference } from './gateReference.ts';
import { gateTarget, labImage, labModel, type GateTarget } from './gateTarget.ts';
import { modelIn } from './useModels.ts';

/** What is forced in a layer; a neuron is in one of the two at most. */
export interface LayerForce {
  readonly on: ReadonlySet<number>;
  readonly off: ReadonlySet<number>;
}

/** A student as it is on the picture at hand. */
export interface NaturalRun {
  readonly key: string;
  readonly layout: GateLayout;
  readonly answer: OverrideAnswer;
  readonly reference: GateReference | null;
  /** Against the truth, 0 to 1; null where there is none. */
  readonly miou: number | null;
}

/** The same with neurons forced. */
export interface ForcedRun {
  readonly key: string;
  readonly answer: OverrideAnswer;
  readonly flips: Flips;
  readonly miou: number | null;
}

/** What one layer wins back when all of it is forced on. */
export interface RankedLayer {
  /** Its place in the layout. */
  readonly layer: number;
  readonly flips: Flips;
  readonly miou: number | null;
  readonly macs: number | null;
}

export type GatePicture = 'student' | 'flips' | 'stage';

type LabState = 'idle' | 'running';

interface GateLabState {
  readonly natural: NaturalRun | null;
  readonly forced: ForcedRun | null;
  readonly state: LabState;
  readonly problem: Problem | null;
  /** By layer name; layers of which nothing is forced are not in it. */
  readonly forces: ReadonlyMap<string, LayerForce>;
  readonly ranking: {
    readonly key: string;
    readonly rows: readonly RankedLayer[];
    /** How many layers are to be tried; as many rows: all done. */
    readonly total: number;
    readonly running: boolean;
  } | null;
  readonly features: { readonly key: string; readonly stages: readonly FeatureErrors[] } | null;
  readonly picture: GatePicture;
  /** From 0: which stage's feature error is shown. */
  readonly stage: number;
  readonly showPicture: (picture: GatePicture, stage?: number) => void;
  /** The picture, the student or its settings may have changed: runs what is missing. */
  readonly follow: () => void;
  /** Forces neurons of a layer, or lets them go; what is forced runs at once. */
  readonly force: (layer: string, neurons: readonly number[], to: 'on' | 'off' | 'free') => void;
  readonly clearForces: () => void;
  /** Tries every layer on its own, all of its neurons forced on. */
  readonly rank: () => Promise<void>;
  readonly stopRanking: () => void;
  readonly compareStages: () => Promise<void>;
}

const RUN_AFTER_MS = 120;
const NOTHING: ReadonlyMap<string, LayerForce> = new Map();
const NO_FORCE: LayerForce = { on: new Set(), off: new Set() };

export const useGateLab = create<GateLabState>()((set, get) => {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pending: { readonly key: string; readonly answer: Promise<OverrideAnswer> } | null = null;
  /** Counts what was asked for: an answer to something older is dropped. */
  let asked = 0;

  const fail = (error: unknown): void => {
    if (error instanceof LabCancelled) return;
    set({ state: 'idle', problem: toProblem(error, { code: 'gates.failed' }) });
  };

  /** Asked for again while it runs, the same run answers. */
  const runOnce = (key: string, image: ImageEntry, student: ModelInfo): Promise<OverrideAnswer> => {
    if (pending?.key === key) return pending.answer;
    const model = labModel(student);
    const answer = runLab({ kind: 'override', model, image: labImage(image), overrides: [] });
    const own = { key, answer };
    pending = own;
    const forget = (): void => {
      if (pending === own) pending = null;
    };
    answer.then(forget, forget);
    return answer;
  };

  const runNatural = async (target: GateTarget): Promise<NaturalRun> => {
    const { image, student, key } = target;
    const known = get().natural;
    const reference = await gateReference(image, student.classTable);
    if (known?.key === key && known.reference?.kind === reference?.kind) return known;
    const answer = known?.key === key ? known.answer : await runOnce(key, image, student);
    const layout = gateLayout(answer.gates.layers);
    const miou = iouAgainst(reference, answer.classMap.ids, student.classTable);
    return { key, layout, answer, reference, miou };
  };

  const tryForces = async (target: GateTarget, natural: NaturalRun, overrides: readonly GateOverride[]) => {
    const { image, student } = target;
    const model = labModel(student);
    const answer = await runLab({ kind: 'override', model, image: labImage(image), overrides });
    const { classTable } = student;
    const { ids } = answer.classMap;
    const reference = natural.reference?.ids ?? null;
    const flips = countFlips(natural.answer.classMap.ids, ids, reference, classTable.ignoreId);
    return { answer, flips, miou: iouAgainst(natural.reference, ids, classTable) };
  };

  const work = async (): Promise<void> => {
    const target = gateTarget();
    const own = ++asked;
    if (!target) return;
    const current = (): boolean => own === asked;
    set({ state: 'running', problem: null });
    try {
      const natural = await runNatural(target);
      if (!current()) return;
      set({ natural });
      const { forces } = get();
      if (forces.size > 0) {
        const overrides = overridesOf(natural, forces);
        const found = await tryForces(target, natural, overrides);
        if (!current()) return;
        set({ forced: { key: target.key, ...found } });
      } else set({ forced: null });
      set({ state: 'idle' });
    } catch (error) {
      if (current()) fail(error);
    }
  };

  const soon = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      void work();
    }, RUN_AFTER_MS);
  };

  return {
    natural: null,
    forced: null,
    state: 'idle',
    problem: null,
    forces: NOTHING,
    ranking: null,
    features: null,
    picture: 'flips',
    stage: 0,
    showPicture: (picture, stage = get().stage) => set({ picture, stage }),
    follow() {
      const key = gateTarget()?.key;
      const { natural, ranking, features } = get();
      if (natural?.key !== key) set({ natural: null, forced: null });
      // Without it a ranking that runs ends, too.
      if (ranking && ranking.key !== key) set({ ranking: null });
      if (features && features.key !== key) set({ features: null });
      soon();
    },
    force(layer, neurons, to) {
      const { on, off } = get().forces.get(layer) ?? NO_FORCE;
      const next = { on: new Set(on), off: new Set(off) };
      for (const neuron of neurons) {
        next.on.delete(neuron);
        next.off.delete(neuron);
        if (to !== 'free') next[to].add(neuron);
      }
      const forces = new Map(get().forces);
      if (next.on.size + next.off.size === 0) forces.delete(layer);
      else forces.set(layer, next);
      set({ forces });
      soon();
    },
    clearForces() {
      set({ forces: NOTHING });
      soon();
    },
    async rank() {
      const target = gateTarget();
      if (!target || get().ranking?.running) return;
      const { key } = target;
      set({ ranking: { key, rows: [], total: 0, running: true }, problem: null });
      const running = (): boolean => get().ranking?.running === true && gateTarget()?.key === key;
      try {
        const natural = await runNatural(target);
        // Another picture may be looked at by now.
        if (!running()) return;
        set({ natural });
        const { layers } = natural.layout;
        for (const [layer, { name, neurons }] of layers.entries()) {
          if (!running()) return;
          const forces = new Map([[name, { on: new Set(Array(neurons).keys()), off: new Set<number>() }]]);
          const { answer, flips, miou } = await tryForces(target, natural, overridesOf(natural, forces));
          if (!running()) return;
          const rows = [...(get().ranking?.rows ?? []), { layer, flips, miou, macs: answer.macs }];
          set({ ranking: { key, rows, total: layers.length, running: rows.length < layers.length } });
        }
      } catch (error) {
        const { ranking } = get();
        if (ranking) set({ ranking: { ...ranking, running: false } });
        fail(error);
      }
    },
    stopRanking() {
      const { ranking } = get();
      if (!ranking?.running) return;
      set({ ranking: ranking.rows.length === 0 ? null : { ...ranking, running: false } });
    },
    async compareStages() {
      const target = gateTarget();
      const teacher = modelIn('teacher');
      if (!target || !teacher) return;
      const { image, student, key } = target;
      set({ state: 'running', problem: null });
      try {
        const models = { teacher: labModel(teacher), student: labModel(student) };
        const stages = await runLab({ kind: 'features', ...models, image: labImage(image) });
        if (gateTarget()?.key === key) set({ features: { key, stages } });
        set({ state: 'idle' });
      } catch (error) {
        fail(error);
      }
    },
  };
});

/** The forces as the graph is told of them, with what each layer keeps of this picture by itself. */
function overridesOf(
  { layout, answer }: NaturalRun,
  forces: ReadonlyMap<string, LayerForce>,
): readonly GateOverride[] {
  return layout.layers.flatMap(({ name }, layer) => {
    const force = forces.get(name);
    if (!force) return [];
    return [
      { name, on: [...force.on], off: [...force.off], kept: keptNeurons(layout, answer.gates.bits, layer) },
    ];
  });
}

/** Layers in the order of what they win back: won less lost, without a reference those that flip most. */
export function rankedLayers(rows: readonly RankedLayer[], hasReference: boolean): readonly RankedLayer[] {
  const value = ({ flips }: RankedLayer): number => (hasReference ? flips.won - flips.lost : flips.changed);
  return [...rows].sort((a, b) => value(b) - value(a));
}
