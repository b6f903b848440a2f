import { expect, test } from 'vitest';
import { softmax } from '../imaging/postprocess.ts';
import { createClassTable } from './classTable.ts';
import { chosenMapping, mapOutput, mappedPairs } from './classMapping.ts';

const model = createClassTable(['road', 'path', 'person', 'lamp']);
const street = createClassTable(['Sky', 'Road', 'Car', 'Pedestrian', 'Bicyclist']);
/** A merge left a gap: Car is gone. */
const project = { ...street, classes: street.classes.filter(({ id }) => id !== 2) };

test('nothing chosen, nothing mapped; choices of classes that are not there do not count', () => {
  expect(chosenMapping(model, project)).toBeNull();
  expect(chosenMapping(model, project, { person: 'Human', dog: 'Pedestrian' })).toBeNull();
});

test('class maps go by choice, then by name, never by number; probabilities are sums', () => {
  const choices = { path: 'Road', person: 'pedestrian' };
  const mapping = chosenMapping(model, project, choices)!;
  const classMap = { width: 4, height: 1, ids: Uint8Array.of(0, 1, 2, 3) };
  const logits = {
    logits: Float32Array.from([0.4, 0.3, 0.2, 0.1], Math.log),
    classes: 4,
    width: 1,
    height: 1,
  };
  const mapped = mapOutput({ classMap, logits }, mapping);
  expect([...mapped.classMap.ids]).toEqual([1, 1, 3, 255]);
  const chances = [...softmax(mapped.logits.logits)].map((value) => Math.round(value * 1e5) / 1e5);
  expect(chances).toEqual([0, 0.7, 0, 0.2, 0, 0.1]);
  expect(
    mappedPairs(model, project, choices).map(({ name, targetId, how }) => [name, targetId, how]),
  ).toEqual([
    ['road', 1, 'name'],
    ['path', 1, 'chosen'],
    ['person', 3, 'chosen'],
    ['lamp', null, 'unknown'],
  ]);
});
