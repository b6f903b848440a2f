import { z } from 'zod';
import { classId, createClassTable, DEFAULT_IGNORE_ID, type ClassTable } from '../labels/classTable.ts';
import { ProblemError } from '../problem.ts';

/** What a dataset's classes.json says. */
export interface DeclaredClasses {
  readonly classTable: ClassTable;
  /** The value that its masks use for "ignore", where it says so. */
  readonly voidId: number | undefined;
}

const MAX_CLASSES = 65534;

const classesJsonSchema = z.looseObject({
  classes: z
    .array(z.string({ error: 'a class name must be a text' }).trim().min(1, 'a class name is empty'), {
      error: '"classes" must be a list of names',
    })
    .min(1, '"classes" is empty')
    .max(MAX_CLASSES, `more than ${MAX_CLASSES} classes`),
  ids: z
    .array(z.int().min(0).max(MAX_CLASSES), {
      error: `"ids" must be a list of numbers from 0 to ${MAX_CLASSES}`,
    })
    .optional(),
  void: z
    .int({ error: '"void" must be a whole number from 0 to 65535' })
    .min(0, '"void" must be a whole number from 0 to 65535')
    .max(65535, '"void" must be a whole number from 0 to 65535')
    .optional(),
});

/**
 * Parses `{"classes": ["Sky", "Building"], "void": 11}`: names in the order of their ids, from 0, or of `ids` where
 * numbers are left out between them; `void` is the value of pixels to ignore, and may be left out. The table's ignoreId is 255, or 65535 where 255 is a class.
 * Throws ProblemError classes.json (not JSON, or not of this form).
 */
export function parseClassesJson(text: string, subject = 'classes.json'): DeclaredClasses {
  const parsed = classesJsonSchema.safeParse(parseJson(text, subject));
  if (!parsed.success) throw wrong(subject, describe(parsed.error.issues[0]!));
  const { classes, void: voidId } = parsed.data;
  const ids = parsed.data.ids ?? classes.map((_, index) => index);
  const repeated = classes.find((name, index) => classes.indexOf(name) !== index);
  if (repeated !== undefined) throw wrong(subject, `class name "${repeated}" occurs twice`);
  if (ids.length !== classes.length) {
    throw wrong(subject, `${ids.length} "ids" do not name ${classes.length} classes`);
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw wrong(subject, `id ${twice} occurs twice`);
  const voidClass = classes.find((_, index) => ids[index] === voidId);
  if (voidClass !== undefined) throw wrong(subject, `"void" is ${voidId}, which is class "${voidClass}"`);
  const ignoreId = Math.max(...ids) >= DEFAULT_IGNORE_ID ? classId(65535) : DEFAULT_IGNORE_ID;
  const table = createClassTable(classes, ignoreId);
  const entries = table.classes.map((entry, index) => ({ ...entry, id: classId(ids[index]!) }));
  return { classTable: { ...table, classes: entries }, voidId };
}

/** The text of a classes.json; `ids` only where they are not 0 to n - 1 in order. */
export function writeClassesJson({ classTable, voidId }: DeclaredClasses): string {
  const ids = classTable.classes.map(({ id }) => id);
  const content = {
    classes: classTable.classes.map(({ name }) => name),
    ids: ids.every((id, index) => id === index) ? undefined : ids,
    void: voidId,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function parseJson(text: string, subject: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw wrong(subject, `not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const place = issue.path[1];
  if (issue.path.length === 0) return 'not an object';
  return typeof place === 'number'
    ? `entry ${place} of "${String(issue.path[0])}": ${issue.message}`
    : issue.message;
}

function wrong(subject: string, title: string, options?: ErrorOptions): ProblemError {
  return new ProblemError(
    {
      code: 'classes.json',
      title,
      subject,
      hint: 'It looks like {"classes": ["Sky", "Building"], "void": 11}',
    },
    options,
  );
}
