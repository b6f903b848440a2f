import { expect, it } from 'vitest';
import { findGates } from '#core/onnx/findGates.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { setKept } from '#core/onnx/retargetKeepRatio.ts';
import { emitSegformer } from '#core/onnx/segformer/emitSegformer.ts';
import { randomSegformer } from '#core/onnx/segformer/testing/randomSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { FetchedModel } from './fetchedModel.ts';

/** A student that keeps another share in each layer, as a pruned one does. */
function studentBytes(): Uint8Array {
  const graph = randomSegformer(3, { form: 'direct', keepRatio: 0.5 });
  const model = emitSegformer(graph, { backend: 'wasm' });
  findGates(model).forEach((gate, index) => setKept(gate, 1 + (index % 3)));
  return writeOnnx(model);
}

const keptIn = (bytes: Uint8Array): number[] => findGates(readOnnx(bytes, 'x')).map(({ kept }) => kept);

it('gives one file at any keep ratio, and its own again', () => {
  const bytes = studentBytes();
  const file = new FetchedModel(bytes, 'student');
  const own = keptIn(bytes);
  expect(new Set(own).size).toBeGreaterThan(1);
  const widths = findGates(readOnnx(bytes, 'x')).map(({ width }) => width);
  expect(keptIn(file.bytesAt(1))).toEqual(widths);
  expect(findGates(file.graphAt(null)!).map(({ kept }) => kept)).toEqual(own);
  expect(file.bytesAt(null)).toBe(bytes);
  expect(keptIn(writeOnnx(file.graphAt(0.5)!))).toEqual(widths.map((width) => Math.round(width / 2)));
});

it('a teacher has no keep ratio', () => {
  const file = new FetchedModel(writeOnnx(emitSegformer(randomSegformer(3), { backend: 'wasm' })), 'teacher');
  expect(file.graphAt(null)).not.toBeNull();
  expect(() => file.graphAt(0.5)).toThrow('teacher: it has no gates, so there is no keep ratio to set');
});

it('refuses what is no ONNX file, by its name', () => {
  expect(() => new FetchedModel(Uint8Array.of(1, 2, 3), 'notes.onnx')).toThrow('notes.onnx');
});
