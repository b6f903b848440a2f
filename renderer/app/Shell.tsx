import { useEffect } from 'react';
import { AnnotatePlace } from '../features/annotate/AnnotatePlace.tsx';
import { AnnotateInspector } from '../features/annotate/AnnotateInspector.tsx';
import { ComparePlace } from '../features/compare/ComparePlace.tsx';
import { Inspector } from '../features/compare/Inspector.tsx';
import { EvaluatePlace } from '../features/evaluate/EvaluatePlace.tsx';
import { ImagesPanel } from '../features/evaluate/ImagesPanel.tsx';
import { GatesInspector } from '../features/gates/GatesInspector.tsx';
import { GatesPlace } from '../features/gates/GatesPlace.tsx';
import { Library } from '../features/library/Library.tsx';
import { ModelsPlace } from '../features/models/ModelsPlace.tsx';
import { INSPECTOR_WIDTH, LIBRARY_WIDTH } from '../store/panelWidths.ts';
import { useProject } from '../store/useProject.ts';
import { useSettings } from '../store/useSettings.ts';
import { useView, type Place } from '../store/useView.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Splitter } from '../ui/Splitter.tsx';
import { acceptFolders } from './acceptFolders.ts';
import { Hints } from './Hints.tsx';
import { ProjectBanner } from './ProjectBanner.tsx';
import { StatusLine } from './StatusLine.tsx';
import { TitleBar } from './TitleBar.tsx';

/** The window: title bar, library, the place, the panel on the right, status line. */
export function Shell() {
  const project = useProject((state) => state.project);
  const problem = useProject((state) => state.problem);
  const place = useView((state) => state.place);
  const { libraryWidth, inspectorWidth } = useSettings((state) => state.settings);
  const change = useSettings((state) => state.change);
  useEffect(() => acceptFolders(window), []);

  if (!project) return problem ? <NotStarted /> : <Starting />;
  const hasPanel = place !== 'models';
  return (
    <div className="shell">
      <TitleBar />
      <ProjectBanner />
      <div className="shell-body">
        <div className="shell-panel" style={{ width: libraryWidth }} hidden={libraryWidth === 0}>
          <Library />
        </div>
        <Splitter
          label="Width of the library"
          side="left"
          width={libraryWidth}
          openWidth={LIBRARY_WIDTH}
          onChange={(width) => change({ libraryWidth: width })}
        />
        <main className="shell-place">
          <PlaceContent place={place} />
          {hasPanel && <Hints />}
        </main>
        {hasPanel && (
          <>
            <Splitter
              label="Width of the panel on the right"
              side="right"
              width={inspectorWidth}
              openWidth={INSPECTOR_WIDTH}
              onChange={(width) => change({ inspectorWidth: width })}
            />
            <div className="shell-panel" style={{ width: inspectorWidth }} hidden={inspectorWidth === 0}>
              <PanelContent place={place} />
            </div>
          </>
        )}
      </div>
      <StatusLine />
    </div>
  );
}

function PlaceContent({ place }: { readonly place: Place }) {
  switch (place) {
    case 'compare':
      return <ComparePlace />;
    case 'annotate':
      return <AnnotatePlace />;
    case 'evaluate':
      return <EvaluatePlace />;
    case 'gates':
      return <GatesPlace />;
    case 'models':
      return <ModelsPlace />;
  }
}

/** The panel on the right. */
function PanelContent({ place }: { readonly place: Place }) {
  switch (place) {
    case 'annotate':
      return <AnnotateInspector />;
    case 'evaluate':
      return <ImagesPanel />;
    case 'gates':
      return <GatesInspector />;
    case 'compare':
    case 'models':
      return <Inspector />;
  }
}

function Starting() {
  return (
    <div className="empty" role="status">
      <p>Opening</p>
    </div>
  );
}

function NotStarted() {
  const problem = useProject((state) => state.problem);
  return (
    <div className="empty">
      <h2>The studio could not start</h2>
      {problem && <ProblemNote problem={problem} />}
      <button type="button" className="button primary" onClick={() => window.location.reload()}>
        Try again
      </button>
    </div>
  );
}
