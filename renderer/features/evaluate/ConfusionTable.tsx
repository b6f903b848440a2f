import { useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { className, findClass, type ClassTable } from '#core/labels/classTable.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { normaliseConfusion } from '#core/metrics/normaliseConfusion.ts';
import { useRunView } from '../../store/useRunView.ts';
import { percent } from '../../ui/format.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { shownClasses } from './confusedClasses.ts';
import { shortLabel } from './contestants.ts';
import { count } from '../../ui/figureFormat.ts';

type Against = 'truth' | 'reference';
type Numbers = 'rows' | 'columns' | 'counts';

/** Which class was called which: every cell is a door to the images behind it. */
export function ConfusionTable({
  run,
  figures,
  table,
}: {
  readonly run: EvaluationRun;
  readonly figures: EvaluationFigures;
  readonly table: ClassTable;
}) {
  const focus = useRunView((state) => state.focus);
  const [wanted, setAgainst] = useState<Against>('truth');
  const [numbers, setNumbers] = useState<Numbers>('rows');
  const own = figures.contestants[focus];
  const truth = own?.quality?.confusion ?? null;
  const reference = own?.agreement?.confusion ?? null;
  const against: Against = reference && (wanted === 'reference' || !truth) ? 'reference' : 'truth';
  const json = against === 'truth' ? truth : reference;
  const matrix = useMemo(() => json && ConfusionMatrix.fromJSON(json), [json]);
  if (!matrix) return null;
  const shown = shownClasses(matrix);
  return (
    <section className="eval-section" aria-label="Confusion matrix">
      <header className="eval-head">
        <h2>Confusions</h2>
        <span className="faint">
          rows: {against === 'truth' ? 'truth' : 'teacher'}, columns: {shortLabel(run.plan, focus)}
          {shown.length < matrix.classCount &&
            ` · the ${shown.length} of ${matrix.classCount} classes that are confused most`}
        </span>
        <span className="eval-switches">
          {truth && reference && (
            <Segmented
              label="Rows"
              value={against}
              options={[
                { value: 'truth', label: 'Truth', testId: 'confusion-truth' },
                { value: 'reference', label: 'Teacher', testId: 'confusion-reference' },
              ]}
              onChange={setAgainst}
            />
          )}
          <Segmented
            label="Numbers"
            value={numbers}
            options={[
              { value: 'rows', label: 'By row', title: 'Of each row’s pixels: recall on the diagonal' },
              {
                value: 'columns',
                label: 'By column',
                title: 'Of each column’s pixels: precision on the diagonal',
              },
              { value: 'counts', label: 'Pixels', testId: 'confusion-counts' },
            ]}
            onChange={setNumbers}
          />
        </span>
      </header>
      <Cells matrix={matrix} shown={shown} against={against} numbers={numbers} table={table} />
    </section>
  );
}

/** Rows and columns that a key goes on. */
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

interface CellsProps {
  readonly matrix: ConfusionMatrix;
  readonly shown: readonly number[];
  readonly against: Against;
  readonly numbers: Numbers;
  readonly table: ClassTable;
}

/** One Tab stop; arrow keys move over the cells, Enter shows the images of one. */
function Cells({ matrix, shown, against, numbers, table }: CellsProps) {
  const focus = useRunView((state) => state.focus);
  const chosen = useRunView((state) => state.filter.cell);
  const showCell = useRunView((state) => state.showCell);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const grid = useRef<HTMLTableElement>(null);
  const shares = useMemo(
    () => normaliseConfusion(matrix, numbers === 'columns' ? 'columns' : 'rows'),
    [matrix, numbers],
  );
  const { classCount, ids } = matrix;
  const hasUnassigned = shown.some((row) => matrix.at(row, classCount) > 0);
  const columns = hasUnassigned ? [...shown, classCount] : shown;
  const nameOf = (index: number): string =>
    index === classCount ? 'nothing' : className(table, ids[index]!);

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const row = Math.min(shown.length - 1, Math.max(0, at.row + move[0]));
    const column = Math.min(columns.length - 1, Math.max(0, at.column + move[1]));
    setAt({ row, column });
    grid.current?.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`)?.focus();
  };

  return (
    <div className="confusion-scroll">
      <table ref={grid} className="confusion" data-testid="confusion" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column} scope="col">
                <span className="confusion-column">
                  <Square table={table} id={ids[column]} />
                  {nameOf(column)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, y) => (
            <tr key={row}>
              <th scope="row">
                <span className="confusion-row">
                  <span className="ellipsis">{nameOf(row)}</span>
                  <Square table={table} id={ids[row]} />
                </span>
              </th>
              {columns.map((column, x) => {
                const pixels = matrix.at(row, column);
                const share = shares[row * (classCount + 1) + column] ?? 0;
                const cell = {
                  contestant: focus,
                  against,
                  row: ids[row]!,
                  column: ids[column] ?? null,
                };
                const isChosen =
                  chosen?.against === against && chosen.row === cell.row && chosen.column === cell.column;
                const text = numbers === 'counts' ? shortCount(pixels) : shareText(share);
                const says = `${nameOf(row)} called ${nameOf(column)}: ${count(pixels)} pixels, ${percent(share)} of the ${numbers === 'columns' ? 'column' : 'row'}`;
                return (
                  <td key={column}>
                    <button
                      type="button"
                      className={cellClass(row === column, share)}
                      style={{ '--share': `${Math.sqrt(share) * 100}%` } as CSSProperties}
                      tabIndex={y === at.row && x === at.column ? 0 : -1}
                      aria-label={says}
                      aria-pressed={isChosen}
                      title={pixels === 0 ? says : `${says}. Show the images`}
                      disabled={pixels === 0}
                      data-cell={`${y} ${x}`}
                      data-testid={`cell-${cell.row}-${cell.column ?? 'none'}`}
                      data-pixels={pixels}
                      onFocus={() => setAt({ row: y, column: x })}
                      onClick={() => showCell(isChosen ? null : cell)}
                    >
                      {pixels === 0 ? '' : text}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** From this share on a cell has its colour nearly alone. */
const FULL = 0.3;

function cellClass(isRight: boolean, share: number): string {
  return `confusion-cell${isRight ? ' right' : ''}${share >= FULL ? ' full' : ''}`;
}

function Square({ table, id }: { readonly table: ClassTable; readonly id: number | undefined }) {
  const entry = id === undefined ? undefined : findClass(table, id);
  return (
    <span
      className={entry ? 'paint-swatch' : 'paint-swatch ignore'}
      style={entry ? { background: `rgb(${entry.colour.join(' ')})` } : undefined}
    />
  );
}

/** `93`, `0.4`: percent without its sign, as a cell has room for it. */
function shareText(share: number): string {
  const value = share * 100;
  if (value >= 9.95) return value.toFixed(0);
  return value < 0.05 ? '<.1' : value.toFixed(1);
}

function shortCount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)}M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(value >= 1e4 ? 0 : 1)}k`;
  return String(value);
}
