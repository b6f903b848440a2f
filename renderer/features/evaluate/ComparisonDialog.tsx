import type { ComparedContestant, ReportComparison } from '#core/report/compareReports.ts';
import {
  comparisonNotes,
  comparisonRows,
  sameModelWords,
  type ComparisonRow,
} from '#core/report/comparisonRows.ts';
import { madeAt } from '#core/report/html.ts';
import { saveComparisonAction } from '../../actions/evaluate/reportActions.ts';
import { runAction } from '../../actions/runAction.ts';
import { useComparison } from '../../store/useComparison.ts';
import { useDialog } from '../../store/useDialog.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { count } from '../../ui/figureFormat.ts';
import './comparison.css';

/** An earlier report against the run as it is: figure by figure, and what makes the two hard to compare. */
export function ComparisonDialog() {
  const close = useDialog((state) => state.close);
  const comparison = useComparison((state) => state.comparison);
  if (!comparison) return null;
  return (
    <Dialog title="Against an earlier report" onClose={close} testId="comparison-dialog">
      <div className="dialog-body comparison selectable">
        <p className="faint">
          Before: {said(comparison.before)}. After: this run as it is, {said(comparison.after)}. In colour: a
          value that lies outside the other’s bootstrap interval, both ways.
        </p>
        <NotAlike notes={comparisonNotes(comparison)} />
        {comparison.contestants.map((contestant) => (
          <Contestant key={contestant.label} contestant={contestant} />
        ))}
      </div>
      <div className="dialog-foot">
        <button
          type="button"
          className="button"
          data-testid="comparison-save"
          onClick={() => void runAction(saveComparisonAction)}
        >
          Save as a page…
        </button>
        <button type="button" className="button primary" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function said(side: ReportComparison['before']): string {
  return `${madeAt(side.made)}, ${count(side.images)} images`;
}

function NotAlike({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <section className="comparison-notes" aria-label="Not alike" data-testid="comparison-notes">
      <h3>Not alike</h3>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}

function Contestant({ contestant }: { readonly contestant: ComparedContestant }) {
  const { label } = contestant;
  return (
    <section aria-label={label}>
      <h3>
        {label} <span className="faint">· {sameModelWords(contestant)}</span>
      </h3>
      <table data-testid="comparison-figures">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className="number">
              Before
            </th>
            <th scope="col" className="number">
              After
            </th>
            <th scope="col" className="number">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {comparisonRows(contestant).map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const TONES = { good: 'tone-better', bad: 'tone-worse' } as const;

function Row({ row: { name, before, after, difference, tone } }: { readonly row: ComparisonRow }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">{before}</td>
      <td className="number">{after}</td>
      <td className={`number ${tone === null ? 'muted' : TONES[tone]}`}>{difference}</td>
    </tr>
  );
}
