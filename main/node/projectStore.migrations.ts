import { ProblemError } from '#core/problem.ts';
import { packStoredResults } from './packStoredResults.ts';
import type { SqliteConnection } from './sqliteConnection.ts';

/** "DYNS": tells a project file from any other SQLite database. */
export const APPLICATION_ID = 0x44594e53;

/** SQL, and what is to be done after it that SQL cannot say. */
type Migration = string | { readonly sql: string; readonly then: (db: SqliteConnection) => void };

/**
 * What takes a project file from schema n to n + 1, in their order. Never changed once released: a change of
 * the schema is a new entry.
 */
const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    folder TEXT,
    truth_folder TEXT,
    class_table TEXT -- JSON, core/labels/classTable.ts
  );
  INSERT INTO meta (id) VALUES (1);

  CREATE TABLE images (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position INTEGER, -- in the listing; NULL: no longer in the folder
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ms INTEGER NOT NULL,
    problem TEXT -- JSON, core/problem.ts
  );

  CREATE TABLE masks (
    image_id INTEGER PRIMARY KEY REFERENCES images (id),
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes_per_id INTEGER NOT NULL,
    base_id INTEGER NOT NULL, -- every pixel before the first step
    cursor INTEGER NOT NULL,
    snapshot BLOB, -- the patch from all base_id to the mask after snapshot_cursor steps; NULL: no difference
    snapshot_cursor INTEGER NOT NULL
  );

  CREATE TABLE steps (
    image_id INTEGER NOT NULL REFERENCES masks (image_id),
    seq INTEGER NOT NULL, -- 1, 2, ...
    label TEXT NOT NULL,
    patch BLOB NOT NULL, -- core/mask/patch.ts, encoded
    origin TEXT, -- JSON, core/ipc/schemas.ts
    created INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (image_id, seq)
  );
  `,
  `
  -- Steps of several masks that are done, undone and redone as one.
  CREATE TABLE step_groups (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    class_table_before TEXT, -- JSON; NULL: the step leaves the classes alone
    class_table_after TEXT,
    state TEXT NOT NULL, -- 'whole'; 'dropped': undone, and one of its masks went on without it; 'sealed': too old
    created INTEGER NOT NULL
  );
  ALTER TABLE steps ADD COLUMN group_id INTEGER REFERENCES step_groups (id);
  -- These columns lie behind the patches: without an index, looking at one reads through a whole patch.
  CREATE INDEX steps_of_group ON steps (group_id, image_id, seq) WHERE group_id IS NOT NULL;
  CREATE INDEX grouped_steps ON steps (image_id, seq, group_id) WHERE group_id IS NOT NULL;
  CREATE INDEX steps_with_origin ON steps (image_id, seq) WHERE origin IS NOT NULL;

  -- Steps 1 to floor are no longer kept: what they did is in every snapshot.
  ALTER TABLE masks ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE masks ADD COLUMN floor_origin TEXT; -- JSON, of the newest step up to floor that had one
  `,
  `
  -- A verdict counts while the step that fixed its region is applied, and no later start of the mask is.
  CREATE TABLE verdicts (
    image_id INTEGER NOT NULL REFERENCES masks (image_id),
    seq INTEGER NOT NULL, -- of the step
    verdict TEXT NOT NULL, -- JSON, core/disputes/verdict.ts
    region BLOB NOT NULL, -- core/disputes/region.ts, encoded
    PRIMARY KEY (image_id, seq)
  );
  CREATE TABLE verdict_starts (
    image_id INTEGER NOT NULL REFERENCES masks (image_id),
    seq INTEGER NOT NULL, -- of a step that started the whole mask afresh
    PRIMARY KEY (image_id, seq)
  );
  `,
  `
  CREATE TABLE reviews (
    image_id INTEGER PRIMARY KEY REFERENCES images (id),
    state TEXT NOT NULL, -- core/review/review.ts; no row: to do
    note TEXT NOT NULL,
    changed INTEGER NOT NULL -- milliseconds since 1970
  );
  `,
  `
  -- JSON: the classes before they were first changed by hand; NULL: they are those of the ground truth or a model.
  ALTER TABLE meta ADD COLUMN original_classes TEXT;
  `,
  `
  CREATE TABLE evaluation_runs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    plan TEXT NOT NULL, -- JSON, core/evaluation/evaluationPlan.ts
    state TEXT NOT NULL, -- core/evaluation/evaluationRun.ts
    created INTEGER NOT NULL -- milliseconds since 1970
  );
  -- What results and class maps depend on beside the image, long texts stored once: outputKey and resultKey.
  CREATE TABLE evaluation_keys (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
  -- The content of files, valid while size and time of change are these.
  CREATE TABLE image_hashes (
    image_id INTEGER PRIMARY KEY REFERENCES images (id),
    bytes INTEGER NOT NULL,
    mtime_ms INTEGER NOT NULL,
    sha256 TEXT NOT NULL
  );
  CREATE TABLE evaluation_results (
    image_id INTEGER NOT NULL REFERENCES images (id),
    key_id INTEGER NOT NULL REFERENCES evaluation_keys (id),
    sha256 TEXT NOT NULL, -- of the file that was measured
    truth_key TEXT NOT NULL, -- the state of truth and classes that it was measured against
    metrics BLOB NOT NULL, -- float64 each, core/evaluation/imageMetric.ts
    result TEXT NOT NULL, -- JSON, core/evaluation/imageResult.ts
    PRIMARY KEY (image_id, key_id)
  );
  CREATE INDEX evaluation_results_of_content ON evaluation_results (sha256, key_id);
  CREATE TABLE evaluation_maps (
    sha256 TEXT NOT NULL, -- of the image file
    key_id INTEGER NOT NULL REFERENCES evaluation_keys (id),
    facts TEXT NOT NULL, -- JSON, runFactsSchema
    map BLOB NOT NULL, -- main/node/packMap.ts
    PRIMARY KEY (sha256, key_id)
  );
  `,
  `
  -- What students' gates did for each image.
  CREATE TABLE gate_layers (
    model_sha256 TEXT PRIMARY KEY,
    layers TEXT NOT NULL -- JSON, core/gates/gateLayout.ts
  );
  CREATE TABLE gates (
    model_sha256 TEXT NOT NULL,
    settings TEXT NOT NULL, -- keep ratio and sizing: core/inference/runSettings.ts, runSettingsKey
    image_id INTEGER NOT NULL REFERENCES images (id),
    image_sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL, -- of the image's file when it was run
    mtime_ms INTEGER NOT NULL,
    bits BLOB NOT NULL, -- core/gates/gateBits.ts
    class_pixels BLOB NOT NULL, -- uint32 per class of the student
    PRIMARY KEY (model_sha256, settings, image_id)
  );
  `,
  `
  -- What class ids became by a step that changed the classes: verdicts before it are read with the new ones.
  CREATE TABLE verdict_renumberings (
    image_id INTEGER NOT NULL REFERENCES images (id),
    seq INTEGER NOT NULL,
    ids TEXT NOT NULL, -- JSON, [from, to] each
    PRIMARY KEY (image_id, seq)
  );
  `,
  {
    // What a folder of 100,000 images is sorted and filtered by lies apart from the rest, each image's beside the next.
    sql: `
    CREATE TABLE evaluation_figures (
      key_id INTEGER NOT NULL REFERENCES evaluation_keys (id),
      image_id INTEGER NOT NULL REFERENCES images (id),
      sha256 TEXT NOT NULL, -- of the file that was measured
      truth_key TEXT NOT NULL, -- the state of truth and classes that it was measured against
      metrics BLOB NOT NULL, -- float64 each, core/evaluation/imageMetric.ts
      PRIMARY KEY (key_id, image_id)
    ) WITHOUT ROWID;
    INSERT INTO evaluation_figures
      SELECT key_id, image_id, sha256, truth_key, metrics FROM evaluation_results ORDER BY key_id, image_id;
    CREATE INDEX evaluation_figures_of_content ON evaluation_figures (sha256, key_id);
    -- core/evaluation/packedResult.ts
    CREATE TABLE evaluation_counts (
      key_id INTEGER NOT NULL REFERENCES evaluation_keys (id),
      image_id INTEGER NOT NULL REFERENCES images (id),
      truth_cells BLOB,
      reference_cells BLOB,
      gates BLOB,
      details BLOB NOT NULL,
      PRIMARY KEY (key_id, image_id)
    );
    `,
    then: packStoredResults,
  },
  `
  -- How unusual an image's gates are among those of all images of the folder; gone when one of them changes.
  CREATE TABLE gate_distances (
    key_id INTEGER PRIMARY KEY REFERENCES evaluation_keys (id),
    folder TEXT NOT NULL, -- SHA-256 over the ids of its images, in their order
    distances BLOB NOT NULL -- float64 each, NaN where an image has no gates
  );
  `,
];

/** The newest schema that this version reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings an open database to schema `to`, the newest. Throws `project.newer` where it is beyond that. */
export function migrate(db: SqliteConnection, subject: string, to = SCHEMA_VERSION): void {
  const version = Number(db.get('PRAGMA user_version')?.user_version);
  if (version > SCHEMA_VERSION) throw newerSchema(version, subject);
  MIGRATIONS.slice(version, to).forEach((migration, index) => {
    const { sql, then } = typeof migration === 'string' ? { sql: migration, then: null } : migration;
    db.transaction(() => {
      db.exec(sql);
      then?.(db);
      db.exec(`PRAGMA user_version = ${version + index + 1}`);
    });
  });
}

export function newerSchema(version: number, subject: string): ProblemError {
  return new ProblemError({
    code: 'project.newer',
    title: `made by a newer version (schema ${version}, this one reads up to ${SCHEMA_VERSION})`,
    subject,
    hint: 'Update DynaSeg Studio',
  });
}
