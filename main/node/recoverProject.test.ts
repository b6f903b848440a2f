import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { seededRandom } from '#core/mask/seededRandom.ts';
import { ProjectStore } from './projectStore.ts';
import { EditingSession, perform, sessionListing } from './testing/editingSession.ts';

const PAGE = 4096;
const SEED = 5;
const ACTIONS = 120;

let folder: string;
let file: string;

const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let whole: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(DISK, 'dynaseg-test-'));
  file = join(folder, 'street.dynaseg');
  const { store } = await edit(ACTIONS);
  store.close();
  whole = readFileSync(file);
  rmSync(folder, { recursive: true });
}, 60_000);

beforeEach(() => {
  folder = mkdtempSync(join(DISK, 'dynaseg-test-'));
  file = join(folder, 'street.dynaseg');
  writeFileSync(file, whole);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Goes on with the session; the store stays open. */
async function edit(to: number): Promise<{ store: ProjectStore; session: EditingSession }> {
  const store = ProjectStore.open(file);
  store.syncImages(sessionListing);
  const session = new EditingSession(SEED);
  const from = store.masksForExport().length > 0 ? ACTIONS : 0;
  while (session.done < from) session.next();
  while (session.done < to) await perform(store, session.next());
  return { store, session };
}

function sessionAfter(actions: number): EditingSession {
  const session = new EditingSession(SEED);
  while (session.done < actions) session.next();
  return session;
}

/** What a killed process leaves: the file and its log as they are while the store is open. */
async function leaveLog(actions: number): Promise<string> {
  const { store } = await edit(ACTIONS + actions);
  const left = mkdtempSync(join(folder, 'left-'));
  const copy = join(left, 'street.dynaseg');
  for (const ending of ['', '-wal']) writeFileSync(copy + ending, readFileSync(file + ending));
  store.close();
  return copy;
}

function spoil(path: string, from: number, to: number): void {
  const bytes = readFileSync(path);
  for (let at = from; at < to; at++) bytes[at] = bytes[at]! ^ 0x5a;
  writeFileSync(path, bytes);
}

test('the last page of the log is spoilt: the last stroke is lost, no other, and it is said', async () => {
  file = await leaveLog(3);
  const log = `${file}-wal`;
  spoil(log, statSync(log).size - 100, statSync(log).size);
  const store = ProjectStore.open(file);
  expect(store.notes).toEqual([
    {
      code: 'project.logCut',
      severity: 'note',
      title: 'the end of its log is damaged: the last change may be missing',
      subject: 'project file street.dynaseg',
      hint: 'Everything before it is there; look at the image that was edited last',
    },
  ]);
  expect(sessionAfter(ACTIONS + 2).isIn(store)).toBe(true);
  store.close();
  const again = ProjectStore.open(file);
  expect(again.notes).toEqual([]);
  again.close();
});

test('a log that is cut off costs what was in the part that is gone, and it is said', async () => {
  file = await leaveLog(3);
  truncateSync(`${file}-wal`, statSync(`${file}-wal`).size - 1000);
  const store = ProjectStore.open(file);
  expect(store.notes.map(({ code }) => code)).toEqual(['project.logCut']);
  expect(sessionAfter(ACTIONS + 2).isIn(store)).toBe(true);
  store.close();
});

test('a whole log is no reason to say anything', async () => {
  file = await leaveLog(3);
  const store = ProjectStore.open(file);
  expect(store.notes).toEqual([]);
  expect(sessionAfter(ACTIONS + 3).isIn(store)).toBe(true);
  store.close();
});

for (const [name, damage] of [
  ['cut off', () => truncateSync(file, statSync(file).size - PAGE)],
  ['spoilt', () => spoil(file, statSync(file).size - PAGE, statSync(file).size)],
] as const) {
  test(`the last page of the file is ${name}: every pixel is there, the damaged file is kept, and it is said`, () => {
    damage();
    const damaged = readFileSync(file);
    const store = ProjectStore.open(file);
    expect(store.notes).toMatchObject([
      {
        code: 'project.recovered',
        title: 'was damaged and has been repaired',
        subject: 'project file street.dynaseg',
      },
    ]);
    for (const id of [1, 2, 3]) expect(store.openMask(id)!.ids).toEqual(pixelsOf(whole, id));
    store.close();
    const kept = readdirSync(folder).filter((one) => one.includes('.damaged-'));
    expect(kept).toHaveLength(1);
    expect(store.notes[0]!.hint).toBe(`The damaged file is kept beside it as ${kept[0]}`);
    expect(readFileSync(join(folder, kept[0]!)).equals(damaged)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual([kept[0], 'street.dynaseg'].sort());
    const again = ProjectStore.open(file);
    expect(again.notes).toEqual([]);
    again.close();
  });
}

/** The mask of an image in a file with these bytes. */
function pixelsOf(bytes: Buffer, imageId: number) {
  const path = join(folder, 'whole.dynaseg');
  writeFileSync(path, bytes);
  const store = ProjectStore.open(path);
  const { ids } = store.openMask(imageId)!;
  store.close();
  rmSync(path);
  return ids;
}

test('any page is spoilt: it opens with what was painted, or says that nothing can be read', () => {
  const random = seededRandom(3);
  const pages = Math.floor(whole.length / PAGE);
  const shown = new Map([1, 2, 3].map((id) => [id, pixelsOf(whole, id)]));
  let unreadable = 0;
  let told = 0;
  for (let turn = 0; turn < 16; turn++) {
    const page = turn === 0 ? 0 : Math.floor(random() * pages);
    writeFileSync(file, whole);
    spoil(file, page * PAGE + (page === 0 ? 100 : 0), (page + 1) * PAGE);
    let store: ProjectStore;
    try {
      store = ProjectStore.open(file, { repair: true });
    } catch (error) {
      expect(String(error)).toContain('damaged');
      expect(readFileSync(file)).toHaveLength(whole.length);
      unreadable++;
      continue;
    }
    if (store.notes.length > 0) told++;
    for (const [id, ids] of shown) {
      const isSame = store.openMask(id)?.ids.every((value, index) => value === ids[index]) ?? false;
      // What is not as it was is told by the image's name.
      if (!isSame) expect(JSON.stringify(store.notes)).toContain(`${id}.jpg`);
    }
    store.close();
  }
  // The page with the list of the tables is one of which nothing else can be read.
  expect(unreadable).toBeGreaterThan(0);
  expect(unreadable).toBeLessThan(5);
  expect(told).toBeGreaterThan(8);
}, 120_000);
