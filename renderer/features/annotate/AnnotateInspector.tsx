import { useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';
import { DisputePanel } from '../disputes/DisputePanel.tsx';
import { ClassList } from './ClassList.tsx';

/** The panel on the right of Annotate: the classes to paint with. */
export function AnnotateInspector() {
  const table = useProject(({ project }) => project?.classTable);
  const filtered = useView((state) => state.solo !== null || state.hidden.size > 0);
  const showAll = useView((state) => state.showAllClasses);
  if (!table) return null;
  return (
    <aside className="inspector" aria-label="Classes to paint with">
      <section className="panel-section grow" aria-label="Classes">
        <h2 className="panel-title">
          Classes
          {filtered ? (
            <button type="button" className="link" title="Show all classes (Shift+H)" onClick={showAll}>
              Show all
            </button>
          ) : (
            <span className="legend-columns faint">share of the mask</span>
          )}
        </h2>
        <ClassList table={table} />
      </section>
      <DisputePanel table={table} />
    </aside>
  );
}
