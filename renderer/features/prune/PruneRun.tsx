import type { PruneProgress } from '#core/prune/pruneReport.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { RunningFoot } from '../../ui/RunningFoot.tsx';
import { usePruneJob, type PruneWish } from './usePruneJob.ts';

/** What each part of the work is, and about which share of the whole it ends at. */
const PHASES: Readonly<
  Record<
    PruneProgress['phase'],
    { readonly says: string; readonly unit: string; readonly from: number; readonly to: number }
  >
> = {
  statistics: { says: 'Looking at what every neuron says', unit: 'images', from: 0, to: 0.4 },
  sensitivity: { says: 'Measuring what each layer is worth', unit: 'layers', from: 0.4, to: 0.65 },
  reconstruction: { says: 'Fitting what reads the kept neurons', unit: 'images', from: 0.65, to: 0.95 },
  check: { says: 'Comparing the student with its teacher', unit: 'runs', from: 0.95, to: 1 },
};

interface PruneRunProps {
  readonly wish: PruneWish;
  readonly progress: PruneProgress | null;
  readonly close: () => void;
}

/** How far it is, and the way to stop it. */
export function PruneRun({ wish, progress, close }: PruneRunProps) {
  const phase = progress && PHASES[progress.phase];
  const share = phase
    ? phase.from + (phase.to - phase.from) * (progress.done / Math.max(1, progress.total))
    : 0;
  return (
    <>
      <div className="dialog-body prune-body" data-testid="prune-running">
        <p className="ellipsis">
          {wish.teacher.name} to {Math.round(wish.budget * 100)}%, {wish.method}
        </p>
        <ProgressBar label="Making the student" done={share} total={1} />
        <p className="faint">
          {phase ? `${phase.says}: ${progress.done} of ${progress.total} ${phase.unit}` : 'Reading the model'}
        </p>
      </div>
      <RunningFoot hide={close} stop={() => usePruneJob.getState().cancel()} testId="prune-cancel" />
    </>
  );
}
