import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countFixtureSteps, fixtureListing, fixtureStep } from './projectFixture.ts';
import { ProjectStore } from './projectStore.ts';
import { SqliteConnection } from './sqliteConnection.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

/** A project with one step and one review, after `sql` was run on it. */
async function changedProject(folder: string, sql: string): Promise<string> {
  const file = join(folder, 'p.dynaseg');
  const store = ProjectStore.open(file);
  store.syncImages(fixtureListing);
  store.commitStep(fixtureStep(1));
  store.setReview({ imageId: 1, state: 'work', note: '' });
  store.close();
  const db = SqliteConnection.open(file);
  db.exec('PRAGMA ignore_check_constraints = ON');
  db.exec(sql);
  db.close();
  return Promise.resolve(file);
}

it.each([
  [
    "UPDATE meta SET class_table = 'toString'",
    'the class table in the project file cannot be read. it is not JSON',
  ],
  ["UPDATE meta SET class_table = x'00'", 'the class table in the project file cannot be read'],
  ["UPDATE meta SET folder = x'00'", 'the path of the image folder in the project file cannot be read'],
  ["UPDATE reviews SET state = 'x'", 'a review state in the project file cannot be read'],
  ["UPDATE masks SET snapshot = 'x'", 'mask of a.jpg: a mask in the project file cannot be read. snapshot: '],
  [
    'UPDATE masks SET width = 268435456',
    'the size of a mask in the project file cannot be read. more than 268435456 pixels',
  ],
  ['UPDATE masks SET height = 0.5', 'a mask in the project file cannot be read. height: '],
  ["UPDATE steps SET origin = '1'", 'the origin of a mask in the project file cannot be read'],
])('%s: says what is senseless, not how it was parsed', async (sql, message) => {
  await using folder = await temporaryFolder();
  const file = await changedProject(folder.path, sql);
  const readAll = () => {
    const store = ProjectStore.open(file);
    try {
      store.reviews();
      store.openMask(1);
    } finally {
      store.close();
    }
  };
  expect(readAll).toThrow(expect.objectContaining({ name: 'ProblemError' }) as Error);
  expect(readAll).toThrow(message);
});

it('a repair goes on where the classes cannot be read', async () => {
  await using folder = await temporaryFolder();
  const file = await changedProject(folder.path, "UPDATE meta SET class_table = '{'");
  expect(() => ProjectStore.open(file, { repair: true })).toThrow(
    'the class table in the project file cannot be read. it is not JSON. Put back a copy of the file, or move it away to begin anew',
  );
});

it('a repair takes the size of a mask from its steps where that of the mask is senseless', async () => {
  await using folder = await temporaryFolder();
  const file = await changedProject(folder.path, 'UPDATE masks SET width = 4294967295');
  const store = ProjectStore.open(file, { repair: true });
  expect(countFixtureSteps(store)).toBe(1);
  store.close();
});
