import { WEIGHT_ONE } from './trainingWeights.ts';

export interface RetrainFacts {
  /** Height and width of every picture, pixels. */
  readonly sizes: readonly (readonly [height: number, width: number])[];
  readonly train: number;
  readonly val: number;
  /** Of the student; null: as models/training has it. */
  readonly keepRatio: number | null;
  readonly folders: { readonly images: string; readonly masks: string; readonly weights: string };
  readonly splits: { readonly train: string; readonly val: string };
}

/** Pictures above this height are reduced to it when they are read: `max_height` of models/training. */
const MAX_HEIGHT = 360;
/** Share of a picture that one view shows at scale 1, as in the configs that the shipped models were made with. */
const VIEW_SHARE = 0.8;
/** The encoder's stride: views are a multiple of it. */
const STRIDE = 32;
const LARGEST_BATCH = 8;
/** How often each picture is seen, within the limits of what is worth while. */
const VIEWS_PER_PICTURE = 60;
const FEWEST_STEPS = 300;
const MOST_STEPS = 6000;

/**
 * The config of models/training's `train` for the next distillation round on a pack, as JSON. Paths are relative to the
 * pack. Size, batch and steps follow from the pictures; the rest is as in models/training/configs/student.json.
 */
export function retrainConfig({ sizes, train, val, keepRatio, folders, splits }: RetrainFacts): string {
  const { images, masks, weights } = folders;
  const batch = Math.min(LARGEST_BATCH, Math.max(2, train));
  const steps = Math.round((VIEWS_PER_PICTURE * train) / batch);
  const config = {
    sources: [
      { images, masks, weights, weight_one: WEIGHT_ONE, split: splits.train, max_height: MAX_HEIGHT },
    ],
    evaluate: val === 0 ? null : { images, masks, split: splits.val },
    seed: 1,
    steps: Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, steps)),
    batch,
    size: viewSize(sizes),
    scale: [0.6, 1.6],
    lr: 5e-5,
    class_power: 0.25,
    ema: 0.99,
    eval_every: 100,
    warmup: 20,
    weight_decay: 0,
    student: {
      gating: { keep_ratio: keepRatio ?? 0.7 },
      distill: {
        teacher: null,
        stage1_share: 0.7,
        anneal_share: 0.1,
        min_keep: 0.25,
        sample_share: 1,
        sample_power: 3,
        l1: 0.001,
        kd_lambda: 2,
      },
      gate_lr_scale: 0.1,
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function viewSize(sizes: RetrainFacts['sizes']): [height: number, width: number] {
  const reduced = sizes.map(([height, width]) => {
    const scale = Math.min(1, MAX_HEIGHT / height);
    return [height * scale, width * scale] as const;
  });
  const side = (lengths: number[]): number => {
    const median = lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? MAX_HEIGHT;
    return Math.max(STRIDE, Math.round((median * VIEW_SHARE) / STRIDE) * STRIDE);
  };
  return [side(reduced.map(([height]) => height)), side(reduced.map(([, width]) => width))];
}
