import { useState } from 'react';
import { classId, type ClassId } from '#core/labels/classTable.ts';
import type { ClassCount } from '#core/labels/classUsage.ts';
import { useClassEditor } from '../../store/useClassEditor.ts';
import { CountCells } from './CountCells.tsx';

interface IgnoreRowProps {
  readonly ignoreId: ClassId;
  readonly count: ClassCount | null;
  readonly total: number;
}

/** What no metric counts and no loss sees: its number is all that can be changed. */
export function IgnoreRow({ ignoreId, count, total }: IgnoreRowProps) {
  const edit = useClassEditor((state) => state.edit);
  const [typed, setTyped] = useState(String(ignoreId));
  const move = async (): Promise<void> => {
    if (typed === String(ignoreId)) return;
    const isNumber = /^\d{1,5}$/.test(typed) && Number(typed) <= 65535;
    if (!isNumber || !(await edit({ kind: 'ignore', id: classId(Number(typed)) })))
      setTyped(String(ignoreId));
  };
  return (
    <div className="classes-row ignored" role="row" data-testid="class-ignore">
      <span role="cell" />
      <span role="cell">
        <span className="classes-colour none" />
      </span>
      <span role="cell" className="classes-ignore-name">
        ignore <span className="faint">not counted, not learnt</span>
      </span>
      <span role="cell">
        <input
          className="field classes-id"
          inputMode="numeric"
          aria-label="Number of the ignore index"
          value={typed}
          data-testid="class-ignore-id"
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => void move()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      </span>
      <CountCells count={count} total={total} />
      <span role="cell" />
    </div>
  );
}
