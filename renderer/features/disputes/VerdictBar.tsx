import type { ReactNode } from 'react';
import type { Confidence } from '#core/disputes/regionConfidence.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import { chooseClass } from '../../actions/annotate/chooseClass.ts';
import { useKeyOf } from '../../actions/useKeyOf.ts';
import { decide, type Decision } from '../../actions/disputes/decide.ts';
import { useDisputes } from '../../store/useDisputes.ts';
import { useProject } from '../../store/useProject.ts';
import { unit } from '../../ui/format.ts';
import { keepFocus } from '../annotate/keepFocus.ts';
import { ClassSwatch } from './ClassSwatch.tsx';

/** What both models say of the selected dispute, and the keys that decide it. */
export function VerdictBar({ table }: { readonly table: ClassTable }) {
  const imageId = useProject((state) => state.imageId);
  const dispute = useDisputes(({ selected }) => (selected?.imageId === imageId ? selected.dispute : null));
  if (!dispute) return null;
  return (
    <div
      className="verdict-bar"
      role="toolbar"
      aria-label="Verdict on this dispute"
      data-testid="verdict-bar"
    >
      <VerdictButton kind="teacher" title="The teacher is right">
        <span className="slot-mark teacher" aria-hidden="true" />
        <span className="muted">Teacher</span>
        <ClassSwatch table={table} id={dispute.teacherClass} />
        <Sure confidence={dispute.teacher} />
      </VerdictButton>
      <VerdictButton kind="student" title="The student is right">
        <span className="slot-mark student" aria-hidden="true" />
        <span className="muted">Student</span>
        <ClassSwatch table={table} id={dispute.studentClass} />
        <Sure confidence={dispute.student} />
      </VerdictButton>
      <span className="verdict-other muted" title="Neither is right: press the key of a class or click it">
        Other class <OtherKeys count={table.classes.length} />
      </span>
      <VerdictButton kind="ignore" title="Leave as ignore">
        <span className="muted">Ignore</span>
      </VerdictButton>
    </div>
  );
}

/** The keys of the classes, first to last. */
function OtherKeys({ count }: { readonly count: number }) {
  const first = useKeyOf('class.1').key;
  const last = useKeyOf(`class.${Math.min(count, chooseClass.length)}`).key;
  return first === '' || last === '' ? null : <span className="kbd">{`${first} … ${last}`}</span>;
}

interface VerdictButtonProps {
  readonly kind: Exclude<Decision['kind'], 'neither'>;
  readonly title: string;
  readonly children: ReactNode;
}

function VerdictButton({ kind, title, children }: VerdictButtonProps) {
  const { key, bracketed } = useKeyOf(`verdict.${kind}`);
  return (
    <button
      type="button"
      className="verdict"
      title={`${title}${bracketed}`}
      data-testid={`verdict-${kind}`}
      onMouseDown={keepFocus}
      onClick={() => void decide({ kind })}
    >
      {children}
      {key !== '' && <span className="kbd">{key}</span>}
    </button>
  );
}

function Sure({ confidence }: { readonly confidence: Confidence | null }) {
  if (!confidence) return null;
  return (
    <span className="dispute-sure" title="Mean confidence in its own class over the region">
      {unit(confidence.best)}
    </span>
  );
}
