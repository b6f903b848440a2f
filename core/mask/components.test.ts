import { expect, test } from 'vitest';
import type { ClassMap } from './classMap.ts';
import { connectedComponents } from './components.ts';
import { seededRandom } from './seededRandom.ts';

// prettier-ignore
const PICTURE: ClassMap = {
  width: 5,
  height: 3,
  ids: new Uint8Array([
    7, 7, 0, 0, 7,
    0, 7, 0, 7, 0,
    0, 0, 0, 0, 7,
  ]),
};

/** Labels by spreading from each pixel in row-major order, the slow and plain way. */
function bruteForce({ width, height, ids }: ClassMap, connectivity: 4 | 8, background?: number): number[] {
  const labels = Array.from(ids, () => 0);
  let count = 0;
  for (let seed = 0; seed < ids.length; seed++) {
    if (labels[seed] !== 0 || ids[seed] === background) continue;
    count++;
    const todo = [seed];
    for (let n = todo.pop(); n !== undefined; n = todo.pop()) {
      if (labels[n] !== 0 || ids[n] !== ids[seed]) continue;
      labels[n] = count;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const x = (n % width) + dx;
          const y = Math.floor(n / width) + dy;
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
          if (x >= 0 && y >= 0 && x < width && y < height) todo.push(y * width + x);
        }
      }
    }
  }
  return labels;
}

test('by sides, without the background', () => {
  const { labels, components } = connectedComponents(PICTURE, { connectivity: 4, background: 0 });
  // prettier-ignore
  expect([...labels]).toEqual([
    1, 1, 0, 0, 2,
    0, 1, 0, 3, 0,
    0, 0, 0, 0, 4,
  ]);
  expect(components.map(({ id, area, classId }) => [id, area, classId])).toEqual([
    [1, 3, 7],
    [2, 1, 7],
    [3, 1, 7],
    [4, 1, 7],
  ]);
  expect(components[0]).toMatchObject({ rect: { x: 0, y: 0, width: 2, height: 2 }, seed: { x: 0, y: 0 } });
});

test('by corners', () => {
  const { components } = connectedComponents(PICTURE, { connectivity: 8, background: 0 });
  expect(components).toEqual([
    { id: 1, area: 3, rect: { x: 0, y: 0, width: 2, height: 2 }, classId: 7, seed: { x: 0, y: 0 } },
    { id: 2, area: 3, rect: { x: 3, y: 0, width: 2, height: 3 }, classId: 7, seed: { x: 4, y: 0 } },
  ]);
});

test('without a background every class has components', () => {
  const { components } = connectedComponents(PICTURE, { connectivity: 4 });
  expect(components.map(({ classId, area }) => [classId, area])).toEqual([
    [7, 3],
    [0, 8],
    [7, 1],
    [7, 1],
    [0, 1],
    [7, 1],
  ]);
});

test('random pictures equal spreading from each pixel', () => {
  const random = seededRandom(41);
  for (let round = 0; round < 400; round++) {
    const width = 1 + Math.floor(random() * 24);
    const height = 1 + Math.floor(random() * 24);
    const classes = 2 + (round % 3);
    const ids = Uint8Array.from({ length: width * height }, () => Math.floor(random() * classes));
    const connectivity = round % 2 === 0 ? 4 : 8;
    const background = round % 5 === 0 ? 0 : undefined;
    const map = { width, height, ids };
    const { labels, components } = connectedComponents(map, { connectivity, background });
    const expected = bruteForce(map, connectivity, background);
    expect([...labels]).toEqual(expected);
    for (const { id, area, rect, classId, seed } of components) {
      const pixels = expected.flatMap((label, n) => (label === id ? [n] : []));
      const xs = pixels.map((n) => n % width);
      const ys = pixels.map((n) => Math.floor(n / width));
      const [x, y] = [Math.min(...xs), Math.min(...ys)];
      expect({ area, rect, classId, seed }).toEqual({
        area: pixels.length,
        rect: { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 },
        classId: ids[pixels[0]!],
        seed: { x: pixels[0]! % width, y },
      });
    }
  }
});
