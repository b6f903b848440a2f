import type { ClassEntry, ClassTable } from '#core/labels/classTable.ts';
import { CLASS_KEYS } from '../../actions/annotate/chooseClass.ts';
import { takeClass } from '../../actions/disputes/takeClass.ts';
import { useMask } from '../../store/useMask.ts';
import { useView } from '../../store/useView.ts';
import { percent } from '../../ui/format.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { keepFocus } from './keepFocus.ts';
import { useClassCounts } from './useClassCounts.ts';

/** The classes to paint with: colour, name, share of the mask, key. */
export function ClassList({ table }: { readonly table: ClassTable }) {
  const raster = useMask((state) => (state.status === 'ready' ? state.raster : null));
  const activeClass = useMask((state) => state.activeClass);
  const counts = useClassCounts(raster);
  const share = (id: number): string => {
    if (!raster || !counts) return '';
    const count = counts.get(id) ?? 0;
    return count === 0 ? '–' : percent(count / raster.ids.length);
  };
  return (
    <div className="paint-classes" role="radiogroup" aria-label="Class to paint with">
      {table.classes.map((entry, index) => (
        <ClassRow
          key={entry.id}
          entry={entry}
          active={entry.id === activeClass}
          share={share(entry.id)}
          hotkey={CLASS_KEYS[index]?.shown}
          choose={() => void takeClass(entry.id)}
        />
      ))}
      <div className="paint-class ignored">
        <div className="paint-class-choose">
          <span className="paint-swatch ignore" />
          <span className="ellipsis muted">ignore</span>
          <span className="muted">{share(table.ignoreId)}</span>
          <span className="kbd" title="The eraser leaves it">
            E
          </span>
        </div>
      </div>
    </div>
  );
}

interface ClassRowProps {
  readonly entry: ClassEntry;
  readonly active: boolean;
  readonly share: string;
  readonly hotkey: string | undefined;
  readonly choose: () => void;
}

function ClassRow({ entry, active, share, hotkey, choose }: ClassRowProps) {
  const hidden = useView((state) => state.hidden.has(entry.id));
  const toggleHidden = useView((state) => state.toggleHidden);
  return (
    <div className="paint-class" data-active={active} data-hidden={hidden}>
      <button
        type="button"
        role="radio"
        className="paint-class-choose"
        aria-checked={active}
        data-testid={`paint-class-${entry.id}`}
        onMouseDown={keepFocus}
        onClick={choose}
      >
        <span className="paint-swatch" style={{ background: `rgb(${entry.colour.join(' ')})` }} />
        <span className="ellipsis">{entry.name}</span>
        <span className="muted">{share}</span>
        {hotkey !== undefined && <span className="kbd">{hotkey}</span>}
      </button>
      <button
        type="button"
        className="icon-button paint-class-eye"
        aria-label={`${hidden ? 'Show' : 'Hide'} ${entry.name}`}
        title={hidden ? 'Show' : 'Hide'}
        aria-pressed={hidden}
        onMouseDown={keepFocus}
        onClick={() => toggleHidden(entry.id)}
      >
        <Icon name={hidden ? 'eyeOff' : 'eye'} />
      </button>
    </div>
  );
}
