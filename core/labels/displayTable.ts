import { nameKey, type ClassEntry, type ClassTable } from './classTable.ts';
import type { Rgb } from './rgb.ts';
import { safePalette } from './safePalette.ts';

/** Where the colours on screen come from: the class table, or a palette for colour-blind eyes. */
export type DisplayPalette = 'classes' | 'safe';

/**
 * A class table as it is shown. A class of a model has the colour of the project's class of its name (or alias), so
 * that a class is one colour everywhere; one that the project does not have keeps its own. Ids and names stay. The
 * given table where no colour changes.
 */
export function displayTable(
  table: ClassTable,
  { project, palette }: { readonly project: ClassTable; readonly palette: DisplayPalette },
): ClassTable {
  const colourOf = palette === 'safe' ? safeColours(project) : tableColours(project);
  const unknown = palette === 'safe' ? safeUnknown(table, project) : new Map<number, Rgb>();
  const classes = table.classes.map((entry): ClassEntry => {
    const colour = colourOf.get(nameKey(entry.name)) ?? unknown.get(entry.id) ?? entry.colour;
    return colour.every((value, channel) => value === entry.colour[channel]) ? entry : { ...entry, colour };
  });
  return classes.every((entry, index) => entry === table.classes[index]) ? table : { ...table, classes };
}

function byName(project: ClassTable, colourOf: (entry: ClassEntry, index: number) => Rgb): Map<string, Rgb> {
  const colours = new Map<string, Rgb>();
  const entries = project.classes.map((entry, index) => ({ entry, colour: colourOf(entry, index) }));
  for (const { entry, colour } of entries) {
    for (const alias of entry.aliases ?? []) colours.set(nameKey(alias), colour);
  }
  for (const { entry, colour } of entries) colours.set(nameKey(entry.name), colour);
  return colours;
}

const tableColours = (project: ClassTable) => byName(project, (entry) => entry.colour);

function safeColours(project: ClassTable): Map<string, Rgb> {
  const colours = safePalette(project.classes.length);
  return byName(project, (entry, index) => colours[index] ?? entry.colour);
}

/** Classes of a model that the project does not have take the colours that the project leaves over. */
function safeUnknown(table: ClassTable, project: ClassTable): ReadonlyMap<number, Rgb> {
  const known = tableColours(project);
  const strangers = table.classes.filter(({ name }) => !known.has(nameKey(name)));
  const used = project.classes.length;
  const colours = safePalette(used + strangers.length);
  return new Map(strangers.map(({ id, colour }, index) => [id, colours[used + index] ?? colour]));
}
