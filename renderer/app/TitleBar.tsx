import { chooseTruthAction } from '../actions/chooseTruthAction.ts';
import { exportAction } from '../actions/exportAction.ts';
import { hotkeyLabel } from '../actions/hotkeyLabel.ts';
import { openFolderAction } from '../actions/openFolderAction.ts';
import { runAction } from '../actions/runAction.ts';
import { openFolder } from '../store/openProject.ts';
import { useDialog } from '../store/useDialog.ts';
import { useFolderRun } from '../store/useFolderRun.ts';
import { useJobs } from '../store/useJobs.ts';
import { useProject } from '../store/useProject.ts';
import { useView, type Place } from '../store/useView.ts';
import { Icon } from '../ui/icons/Icon.tsx';
import { MenuButton } from '../ui/MenuButton.tsx';

const PLACES: readonly { readonly place: Place; readonly label: string }[] = [
  { place: 'compare', label: 'Compare' },
  { place: 'annotate', label: 'Annotate' },
  { place: 'models', label: 'Models' },
];

export function TitleBar() {
  const place = useView((state) => state.place);
  const setPlace = useView((state) => state.setPlace);
  const show = useDialog((state) => state.show);
  return (
    <header className="title-bar">
      <ProjectMenu />
      <nav className="places" aria-label="Places">
        {PLACES.map((one, index) => (
          <button
            key={one.place}
            type="button"
            className="place-tab"
            aria-current={one.place === place ? 'page' : undefined}
            title={`${one.label} (Alt+${index + 1})`}
            data-testid={`place-${one.place}`}
            onClick={() => setPlace(one.place)}
          >
            {one.label}
          </button>
        ))}
      </nav>
      <div className="title-right">
        <FolderRun />
        <ExportRun />
        <button
          type="button"
          className="button quiet"
          title="Export the corrected masks (Ctrl+Shift+E)"
          data-testid="export-button"
          onClick={() => void runAction(exportAction)}
        >
          <Icon name="export" /> Export
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Find a command"
          title="Find a command (Ctrl+K)"
          data-testid="palette-button"
          onClick={() => show('palette')}
        >
          <Icon name="command" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Show all keys"
          title="Show all keys (?)"
          onClick={() => show('hotkeys')}
        >
          <Icon name="keyboard" />
        </button>
      </div>
    </header>
  );
}

function ProjectMenu() {
  const project = useProject((state) => state.project);
  const recent = useProject((state) => state.recent);
  const opening = useProject((state) => state.opening);
  const others = recent.filter((one) => one.folder !== project?.folder).slice(0, 8);
  return (
    <MenuButton
      label={`Project ${project?.name ?? ''}`}
      testId="project-menu"
      className="button quiet project-button"
      button={
        <>
          <Icon name="folder" />
          <span className="ellipsis project-name">{opening ? 'Opening' : project?.name}</span>
          <Icon name="chevron" size={12} />
        </>
      }
    >
      {(close) => (
        <>
          <p className="menu-title ellipsis" title={project?.folder}>
            {project?.folder}
          </p>
          {[openFolderAction, chooseTruthAction].map((action) => (
            <button
              key={action.id}
              type="button"
              role="menuitem"
              className="menu-item"
              onClick={() => {
                close();
                void runAction(action);
              }}
            >
              {action.label}
              {action.hotkeys[0] !== undefined && <kbd className="kbd">{hotkeyLabel(action.hotkeys[0])}</kbd>}
            </button>
          ))}
          {others.length > 0 && (
            <>
              <div className="menu-line" />
              <p className="menu-title">Recent</p>
            </>
          )}
          {others.map((one) => (
            <button
              key={one.folder}
              type="button"
              role="menuitem"
              className="menu-item"
              title={one.folder}
              onClick={() => {
                close();
                void openFolder(one.folder);
              }}
            >
              <span>{one.name}</span>
              <span className="faint ellipsis">{one.folder}</span>
            </button>
          ))}
        </>
      )}
    </MenuButton>
  );
}

function FolderRun() {
  const progress = useFolderRun((state) => state.progress);
  const stop = useFolderRun((state) => state.stop);
  if (!progress) return null;
  return (
    <RunningJob
      what="comparing"
      share={progress.done / progress.total}
      title={`${progress.done} of ${progress.total} images compared`}
      onStop={stop}
    />
  );
}

function ExportRun() {
  const job = useJobs((state) => state.exportJob);
  const hidden = useDialog((state) => state.open !== 'export');
  if (job.status !== 'running' || !hidden) return null;
  return (
    <RunningJob
      what="exporting"
      share={job.total === 0 ? 0 : job.done / job.total}
      title={`${job.done} of ${job.total} masks written`}
      onStop={() => void useJobs.getState().cancelExport()}
    />
  );
}

interface RunningJobProps {
  readonly what: string;
  readonly share: number;
  readonly title: string;
  readonly onStop: () => void;
}

function RunningJob({ what, share, title, onStop }: RunningJobProps) {
  return (
    <div className="running-job" title={title}>
      <span className="muted">
        {what} {Math.floor(share * 100)}%
      </span>
      <div className="progress" role="progressbar" aria-label={what} aria-valuenow={Math.round(share * 100)}>
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <button type="button" className="icon-button" aria-label={`Stop ${what}`} onClick={onStop}>
        <Icon name="close" size={12} />
      </button>
    </div>
  );
}
