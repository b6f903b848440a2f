import { create } from 'zustand';
import { toProblem } from '#core/problem.ts';
import type { Review, ReviewState } from '#core/review/review.ts';
import { call, studio } from './studio.ts';
import { useProject } from './useProject.ts';
import { useToasts } from './useToasts.ts';

interface ReviewsState {
  /** Images that are not to do, by id. */
  readonly reviews: ReadonlyMap<number, Review>;
  /** Shows it at once and stores it; put back, with a message, where it cannot be stored. */
  readonly setReview: (review: Review) => Promise<void>;
  readonly clear: () => void;
}

export const useReviews = create<ReviewsState>()((set, get) => {
  const put = (imageId: number, review: Review | undefined): void => {
    const reviews = new Map(get().reviews);
    if (!review || review.state === 'todo') reviews.delete(imageId);
    else reviews.set(imageId, review);
    set({ reviews });
  };
  return {
    reviews: new Map(),
    async setReview(review) {
      const { project } = useProject.getState();
      if (!project) return;
      const before = get().reviews.get(review.imageId);
      const isSame = () => useProject.getState().project?.id === project.id;
      put(review.imageId, review);
      try {
        const stored = await call('review.set', { projectId: project.id, review });
        if (isSame()) put(review.imageId, stored);
      } catch (error) {
        if (isSame()) put(review.imageId, before);
        const subject = project.images.find(({ id }) => id === review.imageId)?.name;
        useToasts.getState().showProblem(toProblem(error, { code: 'review.set', subject }));
      }
    },
    clear: () => set({ reviews: new Map() }),
  };
});

/** The state of an image; one that was never touched is to do. */
export function reviewStateOf(
  imageId: number,
  { reviews }: Pick<ReviewsState, 'reviews'> = useReviews.getState(),
): ReviewState {
  return reviews.get(imageId)?.state ?? 'todo';
}

/** Keeps the states in step with the project that is open and with what painting changes. */
export function watchReviews(): void {
  let projectId: string | null = null;
  const follow = async (): Promise<void> => {
    const id = useProject.getState().project?.id ?? null;
    if (id === projectId) return;
    projectId = id;
    useReviews.getState().clear();
    if (id === null) return;
    try {
      const listed = await call('review.list', { projectId: id });
      if (projectId === id)
        useReviews.setState({ reviews: new Map(listed.map((one) => [one.imageId, one])) });
    } catch (error) {
      useToasts.getState().showProblem(toProblem(error, { code: 'review.list' }));
    }
  };
  useProject.subscribe(() => void follow());
  studio().on('review.changed', ({ projectId: changed, review }) => {
    if (changed !== projectId) return;
    const reviews = new Map(useReviews.getState().reviews).set(review.imageId, review);
    useReviews.setState({ reviews });
  });
}
