import { useState } from 'react';
import { useDialog } from '../../store/useDialog.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { useReviews } from '../../store/useReviews.ts';
import { Dialog } from '../../ui/Dialog.tsx';

/** Why the image goes back: the note stays beside it until it is done. */
export function RejectDialog() {
  const close = useDialog((state) => state.close);
  const image = useProject((state) => currentImage(state));
  const before = useReviews((state) => (image ? state.reviews.get(image.id)?.note : undefined));
  const [note, setNote] = useState(before ?? '');
  if (!image) return null;
  const reject = (): void => {
    close();
    void useReviews.getState().setReview({ imageId: image.id, state: 'rejected', note });
  };
  return (
    <Dialog title={`Reject ${image.name}`} onClose={close} testId="reject-dialog">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          reject();
        }}
      >
        <div className="dialog-body">
          <label className="review-note-field">
            <span className="muted">What is wrong with its mask</span>
            <textarea
              className="field"
              rows={4}
              maxLength={2000}
              autoFocus
              data-testid="reject-note"
              value={note}
              onChange={(event) => setNote(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) reject();
              }}
            />
          </label>
        </div>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="button primary" data-testid="reject-run">
            Reject
          </button>
        </div>
      </form>
    </Dialog>
  );
}
