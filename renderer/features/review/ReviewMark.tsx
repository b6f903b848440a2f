import type { ReviewState } from '#core/review/review.ts';
import { REVIEW_NAMES } from '../../actions/review/setReview.ts';
import './review.css';

/** A circle that fills with the work: hollow, half, ticked, filled and ticked; crossed where it was rejected. */
export function ReviewMark({ state, label }: { readonly state: ReviewState; readonly label?: boolean }) {
  return (
    <svg
      className={`review-mark ${state}`}
      width={14}
      height={14}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label ? { role: 'img', 'aria-label': REVIEW_NAMES[state] } : { 'aria-hidden': true })}
    >
      <MarkShape state={state} />
    </svg>
  );
}

function MarkShape({ state }: { readonly state: ReviewState }) {
  const circle = <circle cx="8" cy="8" r="5.8" />;
  switch (state) {
    case 'todo':
      return circle;
    case 'work':
      return (
        <>
          {circle}
          <path d="M8 2.200a5.800 5.800 0 0 1 0 11.600Z" fill="currentColor" />
        </>
      );
    case 'done':
      return (
        <>
          {circle}
          <path d="m5.400 8.300 1.900 1.900 3.500-4" />
        </>
      );
    case 'approved':
      return (
        <>
          <circle cx="8" cy="8" r="6.300" fill="currentColor" />
          <path className="review-tick" d="m5.200 8.300 2 2 3.700-4.200" />
        </>
      );
    case 'rejected':
      return (
        <>
          {circle}
          <path d="m5.900 5.900 4.200 4.200m0-4.200-4.200 4.200" />
        </>
      );
  }
}
