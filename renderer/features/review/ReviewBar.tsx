import { REVIEW_STATES, type ReviewState } from '#core/review/review.ts';
import { nextToDoAction } from '../../actions/review/goToDo.ts';
import { REVIEW_NAMES, reviewStateActions } from '../../actions/review/setReview.ts';
import { runAction } from '../../actions/runAction.ts';
import { useHotkeyLabel } from '../../actions/useHotkeyLabel.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useProject } from '../../store/useProject.ts';
import { reviewStateOf, useReviews } from '../../store/useReviews.ts';
import { MenuButton } from '../../ui/MenuButton.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { ReviewMark } from './ReviewMark.tsx';

/** Under the library: how far the chosen image and the folder are. */
export function ReviewBar() {
  const imageId = useProject((state) => state.imageId);
  const total = useProject((state) => state.project?.images.length ?? 0);
  const readOnly = useProject((state) => state.project?.readOnly ?? true);
  const review = useReviews((state) => (imageId === null ? undefined : state.reviews.get(imageId)));
  const state = useReviews((reviews) => (imageId === null ? 'todo' : reviewStateOf(imageId, reviews)));
  const nextKey = useHotkeyLabel(nextToDoAction);
  if (imageId === null) return null;
  return (
    <section className="review-bar" aria-label="Review of the image">
      {state === 'rejected' && review && (
        <p className="review-note" data-testid="review-note">
          <span className="selectable">{review.note === '' ? 'Rejected without a note' : review.note}</span>{' '}
          {!readOnly && (
            <button type="button" className="link" onClick={() => useDialog.getState().show('reject')}>
              Edit
            </button>
          )}
        </p>
      )}
      <FolderProgress total={total} />
      <div className="review-row">
        {readOnly ? (
          <span className="review-state" data-testid="review-state">
            <ReviewMark state={state} /> {capital(REVIEW_NAMES[state])}
          </span>
        ) : (
          <StateMenu state={state} />
        )}
        <button
          type="button"
          className="button quiet"
          title={`${nextToDoAction.label} (${nextKey})`}
          data-testid="review-next"
          onClick={() => void runAction(nextToDoAction)}
        >
          Next to do
        </button>
      </div>
    </section>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function StateMenu({ state }: { readonly state: ReviewState }) {
  return (
    <MenuButton
      label={`Review state: ${REVIEW_NAMES[state]}`}
      testId="review-state"
      className="button quiet review-state"
      button={
        <>
          <ReviewMark state={state} /> {capital(REVIEW_NAMES[state])}
        </>
      }
    >
      {(close) =>
        REVIEW_STATES.map((one) => <StateItem key={one} state={one} chosen={one === state} close={close} />)
      }
    </MenuButton>
  );
}

interface StateItemProps {
  readonly state: ReviewState;
  readonly chosen: boolean;
  readonly close: () => void;
}

function StateItem({ state, chosen, close }: StateItemProps) {
  const action = reviewStateActions.find((one) => one.id === `review.${state}`)!;
  const key = useHotkeyLabel(action);
  return (
    <button
      type="button"
      role="menuitem"
      className="menu-item"
      aria-current={chosen}
      data-testid={`review-set-${state}`}
      onClick={() => {
        close();
        void runAction(action);
      }}
    >
      <ReviewMark state={state} />
      {state === 'rejected' ? 'Rejected, with a note' : capital(REVIEW_NAMES[state])}
      {key !== '' && <kbd className="kbd">{key}</kbd>}
    </button>
  );
}

/** Done and approved against all, as one line of two shades. */
function FolderProgress({ total }: { readonly total: number }) {
  const reviews = useReviews((state) => state.reviews);
  const images = useProject((state) => state.project?.images);
  const count = (state: ReviewState): number =>
    images?.filter((image) => reviews.get(image.id)?.state === state).length ?? 0;
  const approved = count('approved');
  const finished = approved + count('done');
  return (
    <div
      className="review-progress"
      title={`${finished} of ${total} done, ${approved} of them approved, ${count('rejected')} rejected`}
    >
      <ProgressBar label="Images done" done={finished} total={total} />
      <span className="faint" data-testid="review-progress">
        {finished} of {total} done
      </span>
    </div>
  );
}
