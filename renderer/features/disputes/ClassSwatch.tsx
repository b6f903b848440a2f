import { className, findClass, type ClassTable } from '#core/labels/classTable.ts';

interface ClassSwatchProps {
  readonly table: ClassTable;
  readonly id: number;
}

/** A class as a colour and a name. */
export function ClassSwatch({ table, id }: ClassSwatchProps) {
  const entry = findClass(table, id);
  return (
    <span className="dispute-class">
      <span
        className={entry ? 'paint-swatch' : 'paint-swatch ignore'}
        style={entry ? { background: `rgb(${entry.colour.join(' ')})` } : undefined}
      />
      <span className="ellipsis">{className(table, id)}</span>
    </span>
  );
}
