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
  void: z
    .int({ error: '"void" must be a whole number from 0 to 65535' })
    .min(0, '"void" must be a whole number from 0 to 65535')
    .max(65535, '"void" must be a whole number from 0 to 65535')
    .optional(),
});

/**
 * Parses `{"classes": ["Sky", "Building"], "void": 11}`: names in the order of their ids, from 0; `void` is
 * the value of pixels to ignore, and may be left out. The table's ignoreId is 255, or 65535 where 255 is a class.
 * Throws ProblemError classes.json (not JSON, or not of this form).
 */
export function parseClassesJson(text: string, subject = 'classes.json'): DeclaredClasses {
  const parsed = classesJsonSchema.safeParse(parseJson(text, subject));
  if (!parsed.success) throw wrong(subject, describe(parsed.error.issues[0]!));
  const { classes, void: voidId } = parsed.data;
  const repeated = classes.find((name, index) => classes.indexOf(name) !== index);
  if (repeated !== undefined) throw wrong(subject, `class name "${repeated}" occurs twice`);
  if (voidId !== undefined && voidId < classes.length) {
    throw wrong(subject, `"void" is ${voidId}, which is class "${classes[voidId]!}"`);
  }
  const ignoreId = classes.length > DEFAULT_IGNORE_ID ? classId(65535) : DEFAULT_IGNORE_ID;
  return { classTable: createClassTable(classes, ignoreId), voidId };
}

/** The text of a classes.json; the table's ids must be 0 to n - 1 in order. */
export function writeClassesJson({ classTable, voidId }: DeclaredClasses): string {
  classTable.classes.forEach(({ id, name }, index) => {
    if (id !== index) throw new RangeError(`class ${name} has the id ${id}, classes.json needs ${index}`);
  });
  const content = { classes: classTable.classes.map(({ name }) => name), void: voidId };
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
  return typeof place === 'number' ? `entry ${place} of "classes": ${issue.message}` : issue.message;
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
