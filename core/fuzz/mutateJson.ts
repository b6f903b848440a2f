import type { FuzzRandom } from './fuzzRandom.ts';
import { EDGE_NUMBERS } from './mutateBytes.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Names that lead out of a folder, name no file, or mean something to a shell, a database or JavaScript. */
export const HOSTILE_NAMES: readonly string[] = [
  '../escaped.png',
  '../../../escaped.png',
  'a/../../escaped.png',
  '..\\..\\escaped.png',
  '/escaped-from-the-root.png',
  'C:\\escaped.png',
  '\\\\server\\share\\escaped.png',
  'masks/../../../escaped.png',
  'a\0b.png',
  '..',
  '.',
  '',
  '/',
  '$(touch escaped).png',
  "'; DROP TABLE images; --",
  '__proto__',
  'constructor',
  'toString',
  '\ud800',
  '\u202Egnp.a',
  'x'.repeat(5000),
];

function hostileValue(random: FuzzRandom): Json {
  switch (random.below(10)) {
    case 0:
      return null;
    case 1:
      return random.chance(50);
    case 2:
      return random.pick(EDGE_NUMBERS);
    case 3:
      return -random.pick(EDGE_NUMBERS);
    case 4:
      return random.pick([0.5, 1e308, -1e-308, 1e21, Number.MAX_SAFE_INTEGER, -0.1]);
    case 5:
      return random.pick(HOSTILE_NAMES);
    case 6:
      return [];
    case 7:
      return {};
    case 8:
      return Array<Json>(random.below(300)).fill(random.pick([0, 1, -1, 'x', null]));
    default: {
      let deep: Json = 1;
      for (let depth = random.below(2000); depth > 0; depth--) deep = [deep];
      return deep;
    }
  }
}

interface Place {
  readonly owner: Json[] | Record<string, Json>;
  readonly key: string | number;
}

function placesOf(root: Json): Place[] {
  const places: Place[] = [];
  const visit = (owner: Json) => {
    if (owner === null || typeof owner !== 'object') return;
    const keys = Array.isArray(owner) ? owner.keys() : Object.keys(owner);
    for (const key of keys) {
      places.push({ owner, key });
      visit((owner as Record<string | number, Json>)[key]!);
    }
  };
  visit(root);
  return places;
}

function changeOne({ owner, key }: Place, random: FuzzRandom): void {
  const values = owner as Record<string | number, Json>;
  const value = values[key]!;
  const kind = random.below(8);
  if (kind === 0 && Array.isArray(owner)) owner.splice(Number(key), 1);
  else if (kind === 0) Reflect.deleteProperty(owner, key);
  else if (kind === 1 && Array.isArray(owner)) owner.push(JSON.parse(JSON.stringify(value)) as Json);
  else if (kind === 1) values[random.pick(HOSTILE_NAMES)] = value;
  else if (kind === 2 && typeof value === 'number')
    values[key] = value + random.pick([-1, 1, 0.5, 1000, -1000]);
  else if (kind === 2 && typeof value === 'string') values[key] = value.slice(random.below(value.length + 1));
  else if (kind === 3) values[key] = typeof value === 'string' ? value.length : JSON.stringify(value);
  else values[key] = hostileValue(random);
}

/** JSON with one to three keys or values changed, left out, doubled or replaced; still JSON, but for one in twenty. */
export function mutateJson(text: string, random: FuzzRandom): string {
  const root = JSON.parse(text) as Json;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const places = placesOf(root);
    if (places.length > 0) changeOne(random.pick(places), random);
  }
  const changed = JSON.stringify(root, null, random.pick([0, 1]));
  if (!random.chance(5)) return changed;
  const at = random.below(changed.length + 1);
  return random.pick([
    changed.slice(0, at),
    `${changed.slice(0, at)},${changed.slice(at)}`,
    `\uFEFF${changed}`,
    '',
  ]);
}
