import type { Row } from './row.ts';

type Goal = Omit<Row, 'text' | 'value' | 'where'>;

/** The rows of the table and what they are held against. */
export const GOALS = {
  small: {
    name: 'exact teacher, whole pipeline, transformers.js / ours, 683x512',
    must: 3.5,
    aim: 6,
    better: 'more',
  },
  large: {
    name: 'exact teacher, whole pipeline, transformers.js / ours, 2048x1536',
    must: 15,
    aim: 25,
    better: 'more',
  },
  exact: {
    name: 'inference, plain export / exact teacher, 150 classes, WASM',
    must: 1.7,
    aim: 3,
    better: 'more',
  },
  keep70: { name: 'inference, plain export / student keep 0.7, WASM', must: 2, aim: 3.5, better: 'more' },
  keep50: { name: 'inference, plain export / student keep 0.5, WASM', must: 2.3, aim: 4, better: 'more' },
  best: {
    name: 'inference, plain export / best student within 1.0 mIoU of its teacher',
    must: 3,
    aim: 5,
    better: 'more',
  },
  share: { name: 'postprocessing, share of the whole at 2048x1536', must: 0.1, aim: 0.05, better: 'less' },
  slider: { name: 'keep ratio: slider let go to new mask, ms', must: 700, aim: 300, better: 'less' },
  memory: { name: 'memory at its peak, teacher and two students, MB', must: 500, aim: 300, better: 'less' },
} as const satisfies Record<string, Goal>;
