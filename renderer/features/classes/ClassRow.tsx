import { useEffect, useRef, useState } from 'react';
import type { ClassEntry } from '#core/labels/classTable.ts';
import type { ClassCount } from '#core/labels/classUsage.ts';
import type { Rgb } from '#core/labels/rgb.ts';
import { useClassEditor } from '../../store/useClassEditor.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { CountCells } from './CountCells.tsx';

interface ClassRowProps {
  readonly entry: ClassEntry;
  /** In the masks; null while they are counted. */
  readonly count: ClassCount | null;
  /** Pixels of all masks. */
  readonly total: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** A colour picker tells every colour that the hand passes over: the one where it rests is taken. */
const REST_MS = 350;

const hexOf = (colour: Rgb): string =>
  `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

const rgbOf = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

export function ClassRow({ entry, count, total, chosen, onChoose }: ClassRowProps) {
  const edit = useClassEditor((state) => state.edit);
  const { id, name, colour, aliases = [] } = entry;
  const [typed, setTyped] = useState(name);
  const [picked, setPicked] = useState(hexOf(colour));
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  const rename = async (): Promise<void> => {
    if (typed === name) return;
    if (!(await edit({ kind: 'rename', id, name: typed }))) setTyped(name);
  };
  const recolour = (hex: string): void => {
    setPicked(hex);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => void edit({ kind: 'recolour', id, colour: rgbOf(hex) }), REST_MS);
  };
  const unused = count?.images === 0;
  return (
    <div className="classes-row" role="row" data-testid={`class-${id}`}>
      <span role="cell">
        <input
          type="checkbox"
          aria-label={`Merge ${name}`}
          checked={chosen}
          data-testid={`class-choose-${id}`}
          onChange={onChoose}
        />
      </span>
      <span role="cell">
        <input
          type="color"
          className="classes-colour"
          aria-label={`Colour of ${name}`}
          value={picked}
          data-testid={`class-colour-${id}`}
          onChange={(event) => recolour(event.target.value)}
        />
      </span>
      <span role="cell">
        <input
          className="field"
          aria-label={`Name of ${name}`}
          title={aliases.length > 0 ? `Also known as ${aliases.join(', ')}` : undefined}
          value={typed}
          data-testid={`class-name-${id}`}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => void rename()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      </span>
      <span role="cell" className="muted">
        {id}
      </span>
      <CountCells count={count} total={total} />
      <span role="cell">
        <button
          type="button"
          className="icon-button"
          aria-label={`Remove ${name}`}
          title={unused ? 'Remove: no mask has it' : 'Masks have it: merge it into another class'}
          disabled={!unused}
          data-testid={`class-remove-${id}`}
          onClick={() => void edit({ kind: 'remove', id })}
        >
          <Icon name="close" size={14} />
        </button>
      </span>
    </div>
  );
}
