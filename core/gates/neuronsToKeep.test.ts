import { expect, it } from 'vitest';
import { gateLayout } from './gateLayout.ts';
import { packGates } from './gateBits.ts';
import { statisticsOf } from './gateStatistics.ts';
import { neuronsToKeep } from './neuronsToKeep.ts';

const layout = gateLayout([
  { name: 'gate.0.0.v', stage: 0, block: 0, kind: 'v', neurons: 8, groups: 2 },
  { name: 'gate.0.0.ffn', stage: 0, block: 0, kind: 'ffn', neurons: 5, groups: 1 },
]);
const image = (v: number[], ffn: number[]) => packGates(layout, (name) => (name.endsWith('v') ? v : ffn));

it('takes as many never kept neurons from each head', () => {
  // Never kept: 0 and 3 of the first head, 7 of the second.
  const statistics = statisticsOf(layout, [image([1, 2, 4, 5], [0, 1]), image([1, 2, 4, 6], [0, 4])]);
  expect(neuronsToKeep(statistics).map(({ never, cut, left }) => ({ never, cut, left }))).toEqual([
    { never: 3, cut: 2, left: [1, 2, 3, 4, 5, 6] },
    { never: 2, cut: 2, left: [0, 1, 4] },
  ]);
});

it('takes nothing where no image was counted', () => {
  expect(neuronsToKeep(statisticsOf(layout, [])).map(({ cut }) => cut)).toEqual([0, 0]);
});
