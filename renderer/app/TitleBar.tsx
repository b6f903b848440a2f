import type { Action } from '../actions/action.ts';
import { chooseTruthAction } from '../actions/chooseTruthAction.ts';
import { exportAction } from '../actions/exportAction.ts';
import { hotkeysAction } from '../actions/hotkeysAction.ts';
import { openFolderAction } from '../actions/openFolderAction.ts';
import { paletteAction } from '../actions/paletteAction.ts';
import { findAction } from '../actions/registry.ts';
import { runAction } from '../actions/runAction.ts';
import { classesAction, settingsAction } from '../actions/settingsActions.ts';
import { useHotkeyLabel } from '../actions/useHotkeyLabel.ts';
import { openFolder } from '../store/openProject.ts';
import { useDialog } from '../store/useDialog.ts';
import { useFolderRun } from '../store/useFolderRun.ts';
import { useJobs } from '../store/useJobs.ts';
import { useProject } from '../store/useProject.ts';
import { useView, type Place } from '../store/useView.ts';
import { Icon } from '../ui/icons/Icon.tsx';
import { MenuButton } from '../ui/MenuButton.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';

interface PlaceTabProps {
  readonly place: Place;
  readonly label: string;
}

const PLACES: readonly PlaceTabProps[] = [
  { place: 'compare', label: 'Compare' },
  { place: 'annotate', label: 'Annotate' },
  { place: 'evaluate', label: 'Evaluate' },
  { place: 'gates', label: 'Gates' },
  { place: 'models', label: 'Models' },
];

export function TitleBar() {
  const show = useDialog((state) => state.show);
  const exportTitle = useTitle(exportAction);
  const paletteTitle = useTitle(paletteAction);
  const hotkeysTitle = useTitle(hotkeysAction);
  return (
    <header className="title-bar">
      <ProjectMenu />
      <nav className="places" aria-label="Places">
        {PLACES.map((one) => (
          <PlaceTab key={one.place} {...one} />
        ))}
      </nav>
      <div className="title-right">
        <FolderRun />
        <ExportRun />
        <button
          type="button"
          className="button quiet"
          title={exportTitle}
          data-testid="export-button"
          onClick={() => void runAction(exportAction)}
        >
          <Icon name="export" /> Export
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Find a command"
          title={paletteTitle}
          data-testid="palette-button"
          onClick={() => show('palette')}
        >
          <Icon name="command" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Show all keys"
          title={hotkeysTitle}
          onClick={() => show('hotkeys')}
        >
          <Icon name="keyboard" />
        </button>
      </div>
    </header>
  );
}

/** What an action is called, with the key that it has now. */
function useTitle(action: Action): string {
  const key = useHotkeyLabel(action);
  return key === '' ? action.label : `${action.label} (${key})`;
}

function PlaceTab({ place, label }: PlaceTabProps) {
  const current = useView((state) => state.place === place);
  const setPlace = useView((state) => state.setPlace);
  const key = useHotkeyLabel(findAction(`place.${place}`) ?? { id: '', hotkeys: [] });
  return (
    <button
      type="button"
      className="place-tab"
      aria-current={current ? 'page' : undefined}
      title={key === '' ? label : `${label} (${key})`}
      data-testid={`place-${place}`}
      onClick={() => setPlace(place)}
    >
      {label}
    </button>
  );
}

function MenuKey({ action }: { readonly action: Action }) {
  const key = useHotkeyLabel(action);
  return key === '' ? null : <kbd className="kbd">{key}</kbd>;
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
          {[openFolderAction, chooseTruthAction, classesAction, settingsAction].map((action) => (
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
              <MenuKey action={action} />
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
      <ProgressBar label={what} done={share} total={1} />
      <button type="button" className="icon-button" aria-label={`Stop ${what}`} onClick={onStop}>
        <Icon name="close" size={12} />
      </button>
    </div>
  );
}
