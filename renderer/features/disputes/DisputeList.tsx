import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { Dispute } from '#core/disputes/findDisputes.ts';
import type { Verdict } from '#core/disputes/verdict.ts';
import { className, type ClassTable } from '#core/labels/classTable.ts';
import { showDispute } from '../../actions/disputes/seekDispute.ts';
import { useDisputes, type DisputeState } from '../../store/useDisputes.ts';
import { unit } from '../../ui/format.ts';
import { keepFocus } from '../annotate/keepFocus.ts';
import { ClassSwatch } from './ClassSwatch.tsx';

interface DisputeListProps {
  readonly imageId: number;
  readonly states: readonly DisputeState[];
  readonly table: ClassTable;
}

/** The disputes of an image, the most important first: one Tab stop, arrow keys go through it. */
export function DisputeList({ imageId, states, table }: DisputeListProps) {
  const list = useRef<HTMLUListElement>(null);
  const selected = useDisputes((state) =>
    state.selected?.imageId === imageId ? state.selected.dispute : null,
  );
  const at = states.findIndex(({ dispute }) => dispute === selected);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const to = targetOf(event.key, at, states.length);
    const target = to === null ? undefined : states[to];
    if (!target) return;
    // These keys go to other images everywhere else.
    event.preventDefault();
    event.stopPropagation();
    void showDispute(imageId, target.dispute);
  };
  return (
    <ul
      ref={list}
      className="dispute-list"
      role="listbox"
      aria-label="Disputes of this image"
      aria-activedescendant={at < 0 ? undefined : `dispute-${at}`}
      tabIndex={0}
      data-testid="dispute-list"
      onKeyDown={onKeyDown}
    >
      {states.map(({ dispute, verdict }, index) => (
        <li
          key={dispute.runs.subarray(0, 3).join(' ')}
          id={`dispute-${index}`}
          role="option"
          className="dispute-row"
          aria-selected={index === at}
          data-decided={verdict?.verdict.kind}
          data-region={regionText(dispute)}
          onMouseDown={keepFocus}
          onClick={() => void showDispute(imageId, dispute)}
        >
          <span className="slot-mark teacher" role="img" aria-label="teacher" />
          <ClassSwatch table={table} id={dispute.teacherClass} />
          <span className="dispute-sure">{dispute.teacher && unit(dispute.teacher.best)}</span>
          <span className="dispute-area" title={`${dispute.area} pixels`}>
            {compact(dispute.area)} px
          </span>
          <DecidedMark verdict={verdict?.verdict ?? null} table={table} />
          <span className="slot-mark student" role="img" aria-label="student" />
          <ClassSwatch table={table} id={dispute.studentClass} />
          <span className="dispute-sure">{dispute.student && unit(dispute.student.best)}</span>
        </li>
      ))}
    </ul>
  );
}

function targetOf(key: string, at: number, length: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(length - 1, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}

/** For readers of the page: `x y width height area` in image pixels. */
const regionText = ({ rect: { x, y, width, height }, area }: Dispute): string =>
  [x, y, width, height, area].join(' ');

/** Pixels in five characters: `950`, `1.2k`, `31k`. */
function compact(pixels: number): string {
  if (pixels < 1000) return String(pixels);
  const thousands = pixels / 1000;
  return `${thousands < 10 ? thousands.toFixed(1) : thousands.toFixed(0)}k`;
}

const MARKS = { teacher: 'T', student: 'S', neither: '≠', ignore: 'X' } as const;

function DecidedMark({ verdict, table }: { readonly verdict: Verdict | null; readonly table: ClassTable }) {
  if (!verdict) return <span className="dispute-mark open" role="img" aria-label="open" title="open" />;
  const text = verdictText(verdict, table);
  return (
    <span className={`dispute-mark ${verdict.kind}`} role="img" aria-label={text} title={text}>
      {MARKS[verdict.kind]}
    </span>
  );
}

function verdictText({ kind, finalClass }: Verdict, table: ClassTable): string {
  switch (kind) {
    case 'teacher':
      return 'decided: the teacher is right';
    case 'student':
      return 'decided: the student is right';
    case 'neither':
      return `decided: neither, it is ${className(table, finalClass)}`;
    case 'ignore':
      return 'decided: left as ignore';
  }
}
