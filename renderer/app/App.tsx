import { LedgerDialog } from '../features/disputes/LedgerDialog.tsx';
import { ClassesDialog } from '../features/classes/ClassesDialog.tsx';
import { ImportDialog } from '../features/import/ImportDialog.tsx';
import { CutDialog } from '../features/gates/CutDialog.tsx';
import { ComparisonDialog } from '../features/evaluate/ComparisonDialog.tsx';
import { ExportDialog } from '../features/export/ExportDialog.tsx';
import { MapClassesDialog } from '../features/compare/MapClassesDialog.tsx';
import { HubDialog } from '../features/models/HubDialog.tsx';
import { PruneDialog } from '../features/prune/PruneDialog.tsx';
import { RejectDialog } from '../features/review/RejectDialog.tsx';
import { SettingsDialog } from '../features/settings/SettingsDialog.tsx';
import { useDialog } from '../store/useDialog.ts';
import './app.css';
import { CommandPalette } from './CommandPalette.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { HotkeySheet } from './HotkeySheet.tsx';
import { Shell } from './Shell.tsx';
import { Toasts } from './Toasts.tsx';

export function App() {
  const dialog = useDialog((state) => state.open);
  return (
    <ErrorBoundary>
      <Shell />
      {dialog === 'export' && <ExportDialog />}
      {dialog === 'import' && <ImportDialog />}
      {dialog === 'hub' && <HubDialog />}
      {dialog === 'prune' && <PruneDialog />}
      {dialog === 'cutStudent' && <CutDialog />}
      {dialog === 'comparison' && <ComparisonDialog />}
      {dialog === 'teacherClasses' && <MapClassesDialog slot="teacher" />}
      {dialog === 'studentClasses' && <MapClassesDialog slot="student" />}
      {dialog === 'reject' && <RejectDialog />}
      {dialog === 'ledger' && <LedgerDialog />}
      {(dialog === 'settings' || dialog === 'hotkeySettings') && <SettingsDialog tab={dialog} />}
      {dialog === 'classes' && <ClassesDialog />}
      {dialog === 'palette' && <CommandPalette />}
      {dialog === 'hotkeys' && <HotkeySheet />}
      <Toasts />
    </ErrorBoundary>
  );
}
