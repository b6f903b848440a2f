import {
  classId,
  className,
  type ClassEntry,
  type ClassId,
  type ClassTable,
} from '#core/labels/classTable.ts';
import { ActionKey } from '../../actions/ActionKey.tsx';
import { takeClass } from '../../actions/disputes/takeClass.ts';
import { useLocks } from '../../store/useLocks.ts';
import { useMask } from '../../store/useMask.ts';
import { useView } from '../../store/useView.ts';
import { percent } from '../../ui/format.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { keepFocus } from './keepFocus.ts';
import { LockIcon, OverIcon } from './toolIcons.tsx';
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
          action={`class.${index + 1}`}
          choose={() => void takeClass(entry.id)}
        />
      ))}
      <IgnoreRow
        id={table.ignoreId}
        active={table.ignoreId === activeClass}
        share={share(table.ignoreId)}
        choose={() => useMask.getState().setActiveClass(table.ignoreId)}
      />
      <ProtectionNote table={table} />
    </div>
  );
}

/** Ignore is a class like the others: painted, locked, painted over alone. */
function IgnoreRow({ id, active, share, choose }: Omit<ClassRowProps, 'entry' | 'action'> & { id: ClassId }) {
  return (
    <div className="paint-class" data-active={active}>
      <button
        type="button"
        role="radio"
        className="paint-class-choose"
        aria-checked={active}
        data-testid="paint-class-ignore"
        onMouseDown={keepFocus}
        onClick={choose}
      >
        <span className="paint-swatch ignore" />
        <span className="ellipsis">ignore</span>
        <span className="muted">{share}</span>
        <ActionKey id="class.ignore" />
      </button>
      <Protection id={id} name="ignore" />
      <span className="paint-class-gap" />
    </div>
  );
}

/** The lock of a class, and whether painting goes over it alone. */
function Protection({ id, name }: { readonly id: number; readonly name: string }) {
  const locked = useLocks((state) => state.locked.has(id));
  const over = useLocks((state) => state.over.has(id));
  const { toggleLock, toggleOver } = useLocks.getState();
  return (
    <>
      <button
        type="button"
        className="icon-button paint-class-tool"
        aria-label={over ? `Paint over ${name} no longer alone` : `Paint over ${name} only`}
        title={over ? 'Paint over everything again' : 'Paint over this class only (several may be chosen)'}
        aria-pressed={over}
        data-testid={`over-${id}`}
        onMouseDown={keepFocus}
        onClick={() => toggleOver(id)}
      >
        <OverIcon />
      </button>
      <button
        type="button"
        className="icon-button paint-class-tool"
        aria-label={`${locked ? 'Unlock' : 'Lock'} ${name}`}
        title={locked ? 'Unlock' : 'Lock: nothing paints over it'}
        aria-pressed={locked}
        data-testid={`lock-${id}`}
        onMouseDown={keepFocus}
        onClick={() => toggleLock(id)}
      >
        <LockIcon open={!locked} />
      </button>
    </>
  );
}

/** What is protected, in words, as long as something is: a brush that seems dead is explained. */
function ProtectionNote({ table }: { readonly table: ClassTable }) {
  const locked = useLocks((state) => state.locked);
  const over = useLocks((state) => state.over);
  if (locked.size === 0 && over.size === 0) return null;
  const names = (ids: ReadonlySet<number>): string =>
    [...ids].map((id) => className(table, classId(id))).join(', ');
  return (
    <p className="protection-note" role="status" data-testid="protection">
      <span>
        {over.size > 0 && `paints over ${names(over)} only`}
        {over.size > 0 && locked.size > 0 && '; '}
        {locked.size > 0 && `locked: ${names(locked)}`}
      </span>
      <button
        type="button"
        className="link"
        onMouseDown={keepFocus}
        onClick={() => useLocks.getState().free()}
      >
        Free all
      </button>
    </p>
  );
}

interface ClassRowProps {
  readonly entry: ClassEntry;
  readonly active: boolean;
  readonly share: string;
  /** The id of the action that takes it. */
  readonly action: string;
  readonly choose: () => void;
}

function ClassRow({ entry, active, share, action, choose }: ClassRowProps) {
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
        <ActionKey id={action} />
      </button>
      <Protection id={entry.id} name={entry.name} />
      <button
        type="button"
        className="icon-button paint-class-tool paint-class-eye"
        aria-label={`${hidden ? 'Show' : 'Hide'} ${entry.name}`}
        title={hidden ? 'Show' : 'Hide (Alt+click: show it alone)'}
        aria-pressed={hidden}
        onMouseDown={keepFocus}
        onClick={(event) => {
          if (event.altKey) useView.getState().toggleSolo(entry.id);
          else toggleHidden(entry.id);
        }}
      >
        <Icon name={hidden ? 'eyeOff' : 'eye'} />
      </button>
    </div>
  );
}
