import { useMemo, type CSSProperties } from 'react';
import type { ClassTable } from '#core/labels/classTable.ts';
import { useView } from '../../store/useView.ts';
import { percent, unit } from '../../ui/format.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { legendRows, type LegendRow } from './legendRows.ts';
import './legend.css';
import type { ImageFigures } from '../../store/imageFigures.ts';

interface ClassLegendProps {
  readonly table: ClassTable;
  readonly figures: ImageFigures | null;
}

/** The classes of the picture by share, with what teacher and student have in common of each. */
export function ClassLegend({ table, figures }: ClassLegendProps) {
  const hidden = useView((state) => state.hidden);
  const solo = useView((state) => state.solo);
  const showAll = useView((state) => state.showAllClasses);
  const matrix = figures?.teacherStudent ?? null;
  const rows = useMemo(() => legendRows(table, matrix), [table, matrix]);
  const filtered = solo !== null || hidden.size > 0;
  return (
    <section className="panel-section grow" aria-label="Classes">
      <h2 className="panel-title">
        Classes
        {filtered ? (
          <button type="button" className="link" title="Show all classes (Shift+H)" onClick={showAll}>
            Show all
          </button>
        ) : (
          <span className="legend-columns faint">
            <span>share</span>
            <span title="Intersection over union of teacher and student: how far they agree on the class">
              T/S IoU
            </span>
          </span>
        )}
      </h2>
      <ul className="legend">
        {rows.map((row) => (
          <LegendItem
            key={row.entry.id}
            row={row}
            shown={solo === null ? !hidden.has(row.entry.id) : solo === row.entry.id}
            solo={solo === null ? null : solo === row.entry.id}
          />
        ))}
      </ul>
    </section>
  );
}

interface LegendItemProps {
  readonly row: LegendRow;
  readonly shown: boolean;
  /** Whether it is the only one shown; null where no class is. */
  readonly solo: boolean | null;
}

function LegendItem({ row, shown, solo }: LegendItemProps) {
  const toggleSolo = useView((state) => state.toggleSolo);
  const toggleHidden = useView((state) => state.toggleHidden);
  const { entry, share, teacherShare, studentShare, iou } = row;
  const { id, name, colour } = entry;
  const shares =
    teacherShare === null || studentShare === null
      ? ''
      : `\nteacher ${percent(teacherShare)}, student ${percent(studentShare)} of the picture`;
  return (
    <li
      className={`legend-row${shown ? '' : solo === null ? ' off hidden-class' : ' off'}${share === 0 ? ' absent' : ''}`}
      data-testid={`legend-row-${id}`}
    >
      <button
        type="button"
        className="legend-main"
        aria-pressed={solo === true}
        title={`Show only ${name}${shares}`}
        onClick={() => toggleSolo(id)}
      >
        <span className="swatch" style={{ background: `rgb(${colour.join(' ')})` }} />
        <span className="ellipsis legend-name">{name}</span>
        <span className="legend-share">{share === null ? '' : share === 0 ? '–' : percent(share)}</span>
        <span
          className={`legend-bar${iou === null ? ' unknown' : iou < LOW ? ' low' : ''}`}
          style={{ '--iou': iou ?? 0 } as CSSProperties}
          aria-hidden="true"
        />
        <span className="legend-iou">{iou === null ? '' : unit(iou)}</span>
      </button>
      <button
        type="button"
        className="icon-button legend-eye"
        aria-label={`${shown ? 'Hide' : 'Show'} ${name}`}
        aria-pressed={!shown}
        onClick={() => toggleHidden(id)}
      >
        <Icon name={shown ? 'eye' : 'eyeOff'} size={14} />
      </button>
    </li>
  );
}

/** Below this, teacher and student do not mean the same pixels. */
const LOW = 0.5;
