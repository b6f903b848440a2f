import { findClass, type ClassTable } from '#core/labels/classTable.ts';
import { useMask } from '../../store/useMask.ts';
import { useTool } from '../../tools/useTool.ts';

/** What the next stroke leaves behind, large. */
export function ActiveClass({ table }: { readonly table: ClassTable }) {
  const id = useMask((state) => state.activeClass);
  const erasing = useTool((state) => state.toolId === 'eraser');
  const entry = findClass(table, id);
  const filled = !erasing && entry !== undefined;
  return (
    <div className="active-class" data-testid="active-class" role="status">
      <span
        className={filled ? 'paint-swatch' : 'paint-swatch ignore'}
        style={filled ? { background: `rgb(${entry.colour.join(' ')})` } : undefined}
      />
      <span className="ellipsis">{erasing ? 'ignore' : (entry?.name ?? '–')}</span>
    </div>
  );
}
