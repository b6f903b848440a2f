import { nextToDo } from '../../store/nextToDo.ts';
import { libraryImages } from '../../store/stepImage.ts';
import { useProject } from '../../store/useProject.ts';
import { reviewStateOf } from '../../store/useReviews.ts';
import { useToasts } from '../../store/useToasts.ts';
import type { Action } from '../action.ts';
import { canReview, setReview } from './setReview.ts';

/** Goes to the next image with something to do, in the order of the library but whatever state it shows. */
function go(direction: 1 | -1): void {
  const { imageId, selectImage } = useProject.getState();
  const images = libraryImages({ reviewFilter: 'all' });
  const next = nextToDo(images, imageId, direction, reviewStateOf);
  if (next) selectImage(next.id);
  else useToasts.getState().show({ kind: 'info', title: 'No other image has anything left to do' });
}

const hasImage = (): boolean => useProject.getState().imageId !== null;

export const nextToDoAction: Action = {
  id: 'review.next',
  label: 'Next image to do',
  group: 'Review',
  hotkeys: ['Shift+KeyD'],
  enabled: hasImage,
  run: () => go(1),
};

export const previousToDoAction: Action = {
  id: 'review.previous',
  label: 'Previous image to do',
  group: 'Review',
  hotkeys: ['Shift+KeyA'],
  enabled: hasImage,
  run: () => go(-1),
};

export const doneAndNextAction: Action = {
  id: 'review.doneNext',
  label: 'Mark as done and go to the next image to do',
  group: 'Review',
  hotkeys: ['$mod+Enter'],
  enabled: canReview,
  run: async () => {
    const marking = setReview('done');
    go(1);
    await marking;
  },
};
