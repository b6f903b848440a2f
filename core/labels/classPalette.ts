import { findClass, type ClassTable } from './classTable.ts';
import type { Rgb } from './rgb.ts';
import { vocColour } from './vocColour.ts';

/** The colour of each id in a mask file: the class's, and the VOC colour where the table has none (ignore too). */
export function classPalette(table: ClassTable): (id: number) => Rgb {
  return (id) => findClass(table, id)?.colour ?? vocColour(id);
}
