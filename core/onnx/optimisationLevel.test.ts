import { expect, test } from 'vitest';
import { optimisationLevel } from './optimisationLevel.ts';
import { emitSegformer } from './segformer/emitSegformer.ts';
import { randomSegformer } from './segformer/testing/randomSegformer.ts';

test('what the emitter wrote in floats is left as it is, all else is not', () => {
  const graph = randomSegformer(1, null);
  const emitted = emitSegformer(graph, { backend: 'wasm' });
  expect(optimisationLevel(emitted)).toBe('disabled');
  expect(optimisationLevel(emitSegformer(graph, { backend: 'wasm', storage: 'float16' }))).toBe('all');
  emitted.proto.producerName = 'pytorch';
  expect(optimisationLevel(emitted)).toBe('all');
  expect(optimisationLevel(null)).toBe('all');
});
