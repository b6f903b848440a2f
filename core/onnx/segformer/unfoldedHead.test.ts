import { expect, it } from 'vitest';
import { countMacs } from '../countMacs.ts';
import { emitSegformer } from './emitSegformer.ts';
import { foldHead } from './foldHead.ts';
import { randomSegformer } from './testing/randomSegformer.ts';
import { savedByFolding } from './unfoldedHead.ts';

it.each([
  { height: 64, width: 96 },
  { height: 61, width: 83 },
])('is what the published head costs more, $height x $width', (size) => {
  const graph = randomSegformer(3);
  const macs = (foldHead: boolean) =>
    countMacs(emitSegformer(graph, { backend: 'wasm', rewrites: { foldHead } }), size).macs;
  const folded = { ...graph, head: foldHead(graph.head) };
  expect(savedByFolding(folded, size)).toBe(macs(false) - macs(true));
  expect(savedByFolding(graph, size)).toBe(0);
});
