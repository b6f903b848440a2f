import { useMemo } from 'react';
import { ledgersOf, type Ledger, type LedgerCount } from '#core/disputes/ledger.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import { ActionKey } from '../../actions/ActionKey.tsx';
import { useDialog } from '../../store/useDialog.ts';
import { useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { standingOf, useVerdicts } from '../../store/useVerdicts.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ClassSwatch } from './ClassSwatch.tsx';
import './disputes.css';

/** Who was wrong, class by class, over all verdicts of the folder. */
export function LedgerDialog() {
  const close = useDialog((state) => state.close);
  const table = useProject((state) => state.project?.classTable);
  const state = useVerdicts();
  const ledgers = useMemo(() => {
    if (!table) return [];
    const standing = [...state.images.keys()].flatMap((imageId) => standingOf(imageId, state));
    return ledgersOf(
      standing.map(({ verdict }) => verdict),
      table,
    );
  }, [state, table]);
  return (
    <Dialog title="Who was right" onClose={close} testId="ledger">
      <div className="ledger">
        {!table || ledgers.length === 0 ? (
          <p className="muted">
            No verdict yet. In Annotate, <ActionKey id="disputes.next" /> goes to the next dispute and{' '}
            <ActionKey id="verdict.teacher" />, <ActionKey id="verdict.student" />, a class or{' '}
            <ActionKey id="verdict.ignore" /> decides it.
          </p>
        ) : (
          ledgers.map((ledger) => (
            <LedgerTable key={ledger.teacher.sha256 + ledger.student.sha256} ledger={ledger} table={table} />
          ))
        )}
        <p className="ledger-note faint">
          By the class that was right. As JSON: <code>npx dynaseg ledger FOLDER --json</code>
        </p>
      </div>
    </Dialog>
  );
}

function LedgerTable({ ledger, table }: { readonly ledger: Ledger; readonly table: ClassTable }) {
  const models = useModels((state) => state.models);
  const nameOf = ({ id }: Ledger['teacher']): string => models.find((model) => model.id === id)?.name ?? id;
  const { teacher, student, decided, ignored, total, classes } = ledger;
  return (
    <section aria-label={`${nameOf(teacher)} and ${nameOf(student)}`}>
      <p className="ledger-models">
        <span className="slot-mark teacher" aria-hidden="true" /> {nameOf(teacher)}
        <span className="slot-mark student" aria-hidden="true" /> {nameOf(student)}
      </p>
      <table className="ledger-table">
        <thead>
          <tr>
            <th>Class</th>
            <th>Teacher wrong</th>
            <th>Student wrong</th>
            <th>Both wrong</th>
          </tr>
        </thead>
        <tbody>
          {classes.map((row) => (
            <tr key={row.id}>
              <th>
                <ClassSwatch table={table} id={row.id} />
              </th>
              <Count count={row.teacherWrong} />
              <Count count={row.studentWrong} />
              <Count count={row.bothWrong} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th>{decided.regions === 1 ? '1 verdict' : `${decided.regions} verdicts`}</th>
            <Count count={total.teacherWrong} />
            <Count count={total.studentWrong} />
            <Count count={total.bothWrong} />
          </tr>
        </tfoot>
      </table>
      {ignored.regions > 0 && (
        <p className="ledger-note muted">
          {ignored.regions} left as ignore ({ignored.pixels.toLocaleString('en')} px)
        </p>
      )}
    </section>
  );
}

function Count({ count: { regions, pixels } }: { readonly count: LedgerCount }) {
  if (regions === 0) return <td className="faint">–</td>;
  return (
    <td>
      {regions} <span className="faint">{pixels.toLocaleString('en')} px</span>
    </td>
  );
}
