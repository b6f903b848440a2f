import { z } from 'zod';
import { problemSchema } from '#core/problem.ts';
import type { ListedImage } from './imageFolder.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { pageEnd, storedJson } from './storedValue.ts';

export interface StoredImage extends ListedImage {
  /** Stays the same for a name, whatever happens to the folder. */
  readonly id: number;
  /** Its mask has at least one step that is not undone. */
  readonly hasMask: boolean;
}

/** Images that are written within one transaction: about 10 ms. */
const PART = 2000;

/** id, name, position, width, height, bytes, mtime_ms, problem, has_mask */
type Row = [number, string, number | null, number, number, number, number, string | null, number];

/**
 * The table of a project's images. Rows go through SQLite as one JSON text each way: one at a time costs ten times
 * as much, which with 100,000 images is seconds.
 */
export class ImageIndex {
  constructor(private readonly db: SqliteConnection) {}

  /** What is to be done, each within a transaction of its own, so that the table is that of a listing. */
  *changes(images: readonly ListedImage[]): Generator<() => void> {
    const gone = new Set<string>();
    const known = new Map<string, string>();
    for (const rows of this.parts()) {
      for (const row of rows) {
        known.set(row[1], JSON.stringify(row.slice(1, 8)));
        if (row[2] !== null) gone.add(row[1]);
      }
      // Nothing to be done, but a turn.
      yield () => undefined;
    }
    for (let start = 0; start < images.length; start += PART) {
      const changed: string[] = [];
      images.slice(start, start + PART).forEach((image, offset) => {
        gone.delete(image.name);
        const values = JSON.stringify(valuesOf(image, start + offset));
        if (known.get(image.name) !== values) changed.push(values);
      });
      // Where nothing is to be written, a turn: looking through 100,000 images takes 100 ms.
      yield () => {
        if (changed.length > 0) this.write(changed);
      };
    }
    const names = JSON.stringify([...gone]);
    if (gone.size > 0) {
      yield () =>
        this.db.run('UPDATE images SET position = NULL WHERE name IN (SELECT value FROM json_each(?))', [
          names,
        ]);
    }
  }

  /** The images of the folder, in the order of the listing: read in parts, with room for a turn between two. */
  *listed(): Generator<undefined, ListedImages> {
    const placed: StoredImage[] = [];
    for (const rows of this.parts()) {
      for (const row of rows) if (row[2] !== null) placed[row[2]] = toStoredImage(row);
      yield;
    }
    // After a kill in the middle of a listing there are gaps, which this closes.
    return new ListedImages(Object.values(placed));
  }

  /** All rows by id, a part at a time. */
  private *parts(): Generator<Row[]> {
    let last = 0;
    for (;;) {
      const rows = this.rows('WHERE id > ? ORDER BY id LIMIT ?', [last, PART]);
      const end = rows.at(-1);
      if (!end) return;
      yield rows;
      last = pageEnd(end[0], last, 'the list of images');
    }
  }

  private write(rows: readonly string[]): void {
    const columns = ['name', 'position', 'width', 'height', 'bytes', 'mtime_ms', 'problem'];
    const values = columns.map((_, at) => `value ->> ${at}`).join(', ');
    const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    this.db.run(
      `INSERT INTO images (${columns.join(', ')}) SELECT ${values} FROM json_each(?) WHERE true
       ON CONFLICT (name) DO UPDATE SET ${updates.join(', ')}`,
      [`[${rows.join(',')}]`],
    );
  }

  private rows(which: string, values: readonly number[] = []): Row[] {
    const text = this.db.get(
      `SELECT json_group_array(json_array(
         id, name, position, width, height, bytes, mtime_ms, problem, has_mask)) AS rows
       FROM (SELECT images.*, coalesce(cursor > 0, 0) AS has_mask
         FROM images LEFT JOIN (SELECT image_id, cursor FROM masks) ON image_id = id ${which})`,
      values,
    )?.rows;
    return JSON.parse(z.string().parse(text)) as Row[];
  }
}

function valuesOf(image: ListedImage, position: number): unknown[] {
  const { name, width, height, bytes, mtimeMs } = image;
  const problem = image.problem && JSON.stringify(image.problem);
  return [name, position, width, height, bytes, Math.trunc(mtimeMs), problem];
}

function toStoredImage([id, name, , width, height, bytes, mtimeMs, problem, hasMask]: Row): StoredImage {
  return {
    id,
    name,
    width,
    height,
    bytes,
    mtimeMs,
    hasMask: hasMask === 1,
    problem: problem === null ? null : storedJson(problemSchema, problem, 'the problem of an image'),
  };
}

/** The listed images, found by id without looking through all. */
export class ListedImages {
  private readonly placeOf: ReadonlyMap<number, number>;

  constructor(private readonly images: StoredImage[]) {
    this.placeOf = new Map(images.map(({ id }, place) => [id, place]));
  }

  get all(): readonly StoredImage[] {
    return this.images;
  }

  find(id: number): StoredImage | null {
    const place = this.placeOf.get(id);
    return place === undefined ? null : (this.images[place] ?? null);
  }

  setHasMask(id: number, hasMask: boolean): void {
    const place = this.placeOf.get(id);
    const image = this.find(id);
    if (place === undefined || !image || image.hasMask === hasMask) return;
    this.images[place] = { ...image, hasMask };
  }
}
