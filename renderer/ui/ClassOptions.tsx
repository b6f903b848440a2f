import { IGNORE_NAME } from '#core/formats/labelmap.ts';
import type { ClassTable } from '#core/labels/classTable.ts';

/** The options of a select for what a class is in another table: one of its classes by name, or `ignore`. */
export function ClassOptions({ classes }: Pick<ClassTable, 'classes'>) {
  return (
    <>
      {classes.map(({ id, name }) => (
        <option key={id} value={name}>
          {name}
        </option>
      ))}
      <option value={IGNORE_NAME}>{IGNORE_NAME}</option>
    </>
  );
}
