import type { ClassTable } from '#core/labels/classTable.ts';
import { ActionKey } from '../../actions/ActionKey.tsx';
import { compareFolderAction } from '../../actions/compareFolderAction.ts';
import { disputeActions } from '../../actions/disputes/disputeActions.ts';
import { runAction } from '../../actions/runAction.ts';
import { useKeyOf } from '../../actions/useKeyOf.ts';
import { disputeStates, useDisputes } from '../../store/useDisputes.ts';
import { useFolderRun } from '../../store/useFolderRun.ts';
import { modelIn, useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import { useVerdicts } from '../../store/useVerdicts.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { keepFocus } from '../annotate/keepFocus.ts';
import { DisputeList } from './DisputeList.tsx';
import './disputes.css';
import { useFolderDisputes } from './useFolderDisputes.ts';

/** Where teacher and student differ: how many are left, the list of this image, the way through the folder. */
export function DisputePanel({ table }: { readonly table: ClassTable }) {
  const imageId = useProject((state) => state.imageId);
  const images = useDisputes((state) => state.images);
  const verdicts = useVerdicts();
  const both = useModels((state) => modelIn('teacher', state) !== null && modelIn('student', state) !== null);
  const states = disputeStates(imageId, { images }, verdicts);
  const problem = imageId === null ? null : images.get(imageId)?.problem;
  const left = states?.filter(({ verdict }) => !verdict).length;
  return (
    <section className="panel-section disputes" aria-label="Disputes" data-testid="disputes">
      <h2 className="panel-title">
        Disputes
        <button
          type="button"
          className="link"
          title="Who was right, class by class (Shift+L)"
          data-testid="open-ledger"
          onMouseDown={keepFocus}
          onClick={() => runById('disputes.ledger')}
        >
          Who was right
        </button>
      </h2>
      {both ? (
        <>
          <FolderProgress left={left} total={states?.length} />
          {problem ? (
            <div className="panel-action">
              <ProblemNote problem={problem} />
            </div>
          ) : !states ? (
            <p className="disputes-note">Both models are looking at this image</p>
          ) : states.length === 0 ? (
            <p className="disputes-note">Teacher and student agree on this image</p>
          ) : (
            imageId !== null && <DisputeList imageId={imageId} states={states} table={table} />
          )}
          <SmallestField />
        </>
      ) : (
        <p className="disputes-note">Choose a teacher and a student to see where they differ</p>
      )}
    </section>
  );
}

function runById(id: string): void {
  const action = disputeActions.find((one) => one.id === id);
  if (action) void runAction(action);
}

interface FolderProgressProps {
  readonly left: number | undefined;
  readonly total: number | undefined;
}

function FolderProgress({ left, total }: FolderProgressProps) {
  const { decided, open, imagesLookedAt, images } = useFolderDisputes();
  const previousKey = useKeyOf('disputes.previous');
  const seeking = useDisputes((state) => state.seeking);
  const running = useFolderRun((state) => state.wanted);
  const all = decided + open;
  const rest = images - imagesLookedAt;
  return (
    <div className="disputes-head">
      <div className="disputes-go">
        <button
          type="button"
          className="button"
          title={`Previous dispute${previousKey.bracketed}`}
          aria-label="Previous dispute"
          onMouseDown={keepFocus}
          onClick={() => runById('disputes.previous')}
        >
          ‹
        </button>
        <button
          type="button"
          className="button primary"
          title="Next dispute of the folder"
          data-testid="dispute-next"
          onMouseDown={keepFocus}
          onClick={() => runById('disputes.next')}
        >
          Next <ActionKey id="disputes.next" />
        </button>
        <span className="disputes-left" data-testid="disputes-left">
          {total === undefined ? '–' : `${left ?? 0} of ${total} left here`}
        </span>
      </div>
      <ProgressBar
        className="disputes-progress"
        label="Disputes of the folder with a verdict"
        done={decided}
        total={all}
      />
      <p className="disputes-folder" data-testid="disputes-folder">
        {seeking ? (
          <>
            looking at image {seeking.done + 1} of {seeking.total}
            <button type="button" className="link" onMouseDown={keepFocus} onClick={() => seeking.stop()}>
              Stop
            </button>
          </>
        ) : (
          <>
            <span>
              {decided} decided, {open} left{rest === 0 && ' in the folder'}
            </span>
            {rest > 0 && !running && (
              <button
                type="button"
                className="link"
                title="Runs both models on every image, behind what you look at"
                onMouseDown={keepFocus}
                onClick={() => void runAction(compareFolderAction)}
              >
                {rest === 1 ? '1 image' : `${rest} images`} to look at
              </button>
            )}
          </>
        )}
      </p>
    </div>
  );
}

/** What counts as a speck. */
function SmallestField() {
  const smallest = useSettings((state) => state.settings.smallestDispute);
  const change = useSettings((state) => state.change);
  return (
    <label className="disputes-smallest" title="Smaller regions are folded into the disputes beside them">
      <span className="muted">Fold regions under</span>
      <input
        className="field"
        type="number"
        min={1}
        max={100000}
        value={smallest}
        data-testid="smallest-dispute"
        onChange={(event) => {
          const value = Math.round(Number(event.target.value));
          if (value >= 1 && value <= 100_000) change({ smallestDispute: value });
        }}
      />
      <span className="muted">px</span>
    </label>
  );
}
