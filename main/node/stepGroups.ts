import { classTableSchema, type ClassTable } from '#core/labels/classTable.ts';
import type { PatchDirection } from '#core/mask/patch.ts';
import { ProblemError } from '#core/problem.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { storedJson } from './storedValue.ts';

/** The classes before and after a step that changes them, too. */
export interface ClassTables {
  readonly before: ClassTable;
  readonly after: ClassTable;
}

export interface MovableGroup {
  readonly label: string;
  readonly classTables: ClassTables | null;
}

/** How many images a message names. */
const NAMED_IMAGES = 3;

/**
 * Steps of several masks that are one for the user. They are all applied or all undone, always. Where one of the
 * masks goes on after they were undone, none of them can be redone (`dropped`); where one has gone on so far that
 * its part is no longer kept, none can be undone (`sealed`).
 */
export class StepGroups {
  constructor(private readonly db: SqliteConnection) {}

  /** The new group's id. */
  create(label: string, tables: ClassTables | null): number {
    return this.db.run(
      `INSERT INTO step_groups (label, class_table_before, class_table_after, state, created)
       VALUES (?, ?, ?, 'whole', ?)`,
      [label, tables && JSON.stringify(tables.before), tables && JSON.stringify(tables.after), Date.now()],
    );
  }

  /**
   * The group, which can be undone or redone as a whole now. Throws `mask.groupEdited` where masks of it have
   * other steps in between, and `mask.groupSealed`.
   */
  assertMovable(groupId: number, direction: PatchDirection): MovableGroup {
    const row = this.db.get('SELECT * FROM step_groups WHERE id = ?', [groupId]);
    const label = String(row?.label);
    if (row?.state === 'sealed') {
      throw new ProblemError({
        code: 'mask.groupSealed',
        title: `"${label}" changed several masks, and some of them have too many steps since to undo it`,
        hint: 'It stays; paint over what you want otherwise',
      });
    }
    const blocking = this.db.all(
      `SELECT images.name FROM steps JOIN masks USING (image_id) JOIN images ON images.id = steps.image_id
       WHERE group_id = ? AND cursor <> seq ${direction === 'redo' ? '- 1' : ''} ORDER BY position, name`,
      [groupId],
    );
    if (blocking.length > 0) {
      throw new ProblemError({
        code: 'mask.groupEdited',
        title: `"${label}" changed several masks, and ${namesOf(blocking.map(({ name }) => String(name)))} since`,
        hint: `${direction === 'undo' ? 'Undo' : 'Redo'} the edits there first`,
      });
    }
    const table = (text: unknown) => storedJson(classTableSchema, text, 'the class table of a step');
    const classTables =
      typeof row?.class_table_before === 'string'
        ? { before: table(row.class_table_before), after: table(row.class_table_after) }
        : null;
    return { label, classTables };
  }

  /** Moves the cursors of all its masks but one over it. */
  move(groupId: number, direction: PatchDirection, exceptImageId: number): void {
    this.db.run(
      `UPDATE masks SET cursor = cursor ${direction === 'undo' ? '- 1' : '+ 1'}
       WHERE image_id IN (SELECT image_id FROM steps WHERE group_id = ?) AND image_id <> ?`,
      [groupId, exceptImageId],
    );
  }

  /** The masks of a group as they are now. */
  masksOf(groupId: number): { imageId: number; hasMask: boolean }[] {
    return this.db
      .all('SELECT image_id, cursor FROM steps JOIN masks USING (image_id) WHERE group_id = ?', [groupId])
      .map((row) => ({ imageId: Number(row.image_id), hasMask: Number(row.cursor) > 0 }));
  }

  /** Before the steps after the cursor of a mask are deleted. */
  dropUndone(imageId: number, cursor: number): void {
    this.mark('dropped', 'image_id = ? AND seq > ?', imageId, cursor);
  }

  /** Before the steps of a mask up to `floor` are deleted. */
  sealUpTo(imageId: number, floor: number): void {
    this.mark('sealed', 'image_id = ? AND seq <= ?', imageId, floor);
  }

  /** The first step after the cursor that can no longer be redone, or null. */
  firstDropped(imageId: number, cursor: number): number | null {
    const row = this.db.get(
      `SELECT min(seq) AS seq FROM steps JOIN step_groups ON step_groups.id = group_id
       WHERE image_id = ? AND seq > ? AND group_id IS NOT NULL AND state = 'dropped'`,
      [imageId, cursor],
    );
    return typeof row?.seq === 'number' ? row.seq : null;
  }

  private mark(state: 'dropped' | 'sealed', where: string, imageId: number, seq: number): void {
    this.db.run(
      `UPDATE step_groups SET state = '${state}'
       WHERE id IN (SELECT group_id FROM steps WHERE ${where} AND group_id IS NOT NULL)`,
      [imageId, seq],
    );
  }
}

/** `a.jpg was edited`, `a.jpg, b.jpg, c.jpg and 4 more were edited`. */
function namesOf(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} was edited`;
  const named = names.slice(0, NAMED_IMAGES).join(', ');
  const more = names.length - NAMED_IMAGES;
  return `${named}${more > 0 ? ` and ${more} more` : ''} were edited`;
}
