import { useEffect, useMemo, useState } from 'react';
import type { ClassId, ClassTable } from '#core/labels/classTable.ts';
import { countByClass } from '#core/labels/classUsage.ts';
import { trueTable } from '../../store/displayColours.ts';
import { useClassEditor } from '../../store/useClassEditor.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { AddClass } from './AddClass.tsx';
import { ClassRow } from './ClassRow.tsx';
import './classes.css';
import { ClassWorkBar } from './ClassWorkBar.tsx';
import { IgnoreRow } from './IgnoreRow.tsx';
import { MergePanel } from './MergePanel.tsx';

/** The classes of the project: every change holds in the whole project at once. */
export function ClassesDialog() {
  const close = useDialog((state) => state.close);
  const project = useProject((state) => state.project);
  const changing = useClassEditor((state) => state.work?.kind === 'changing');
  useEffect(() => {
    void useClassEditor.getState().count();
  }, []);
  if (!project) return null;
  const leave = (): void => {
    if (!changing) close();
  };
  return (
    <Dialog title={`Classes of ${project.name}`} onClose={leave} testId="classes-dialog">
      <ClassEditor table={trueTable(project.classTable)} readOnly={project.readOnly} />
    </Dialog>
  );
}

function ClassEditor({ table, readOnly }: { readonly table: ClassTable; readonly readOnly: boolean }) {
  const usage = useClassEditor((state) => state.usage);
  const problem = useClassEditor((state) => state.problem);
  const busy = useClassEditor((state) => state.work?.kind === 'changing');
  const safe = useSettings((state) => state.settings.palette === 'safe');
  const [chosen, setChosen] = useState<ReadonlySet<ClassId>>(new Set());
  const counts = useMemo(() => usage && countByClass(usage), [usage]);
  const total = useMemo(
    () => [...(counts?.values() ?? [])].reduce((sum, { pixels }) => sum + pixels, 0),
    [counts],
  );
  const sources = table.classes.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const toggle = (id: ClassId): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const countOf = (id: number) => (counts ? (counts.get(id) ?? { images: 0, pixels: 0 }) : null);
  return (
    <fieldset className="classes" disabled={readOnly || busy}>
      <legend className="sr-only">Classes</legend>
      {readOnly && <p className="muted">The project is open read-only: its classes cannot be changed.</p>}
      {safe && (
        <p className="muted">
          These are the class table’s own colours; on screen the colour-blind safe ones are shown.
        </p>
      )}
      <div className="classes-list" role="table" aria-label="Classes of the project">
        <div className="classes-head faint" role="row">
          <span role="columnheader" aria-label="Chosen to be merged" />
          <span role="columnheader">colour</span>
          <span role="columnheader">name</span>
          <span role="columnheader">id</span>
          <span role="columnheader">masks</span>
          <span role="columnheader">pixels</span>
          <span role="columnheader" aria-label="Remove" />
        </div>
        {table.classes.map((entry) => (
          <ClassRow
            key={`${entry.id} ${entry.name} ${entry.colour.join()}`}
            entry={entry}
            count={countOf(entry.id)}
            total={total}
            chosen={chosen.has(entry.id)}
            onChoose={() => toggle(entry.id)}
          />
        ))}
        <IgnoreRow
          key={table.ignoreId}
          ignoreId={table.ignoreId}
          count={countOf(table.ignoreId)}
          total={total}
        />
      </div>
      <AddClass />
      {sources.length > 0 && (
        <MergePanel
          key={sources.join()}
          table={table}
          sources={sources}
          usage={usage}
          onDone={() => setChosen(new Set())}
        />
      )}
      {problem && <ProblemNote problem={problem} />}
      <ClassWorkBar />
    </fieldset>
  );
}
