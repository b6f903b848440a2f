import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { formatProblem } from '#core/problem.ts';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import { REVIEW_STATES, type ReviewState } from '#core/review/review.ts';
import { REVIEW_NAMES } from '../../actions/review/setReview.ts';
import { chooseFolder } from '../../store/openProject.ts';
import { agreementOf } from '../../store/imageFigures.ts';
import { useFigures } from '../../store/useFigures.ts';
import { useProject, type LibrarySort } from '../../store/useProject.ts';
import { reviewStateOf, useReviews } from '../../store/useReviews.ts';
import { visibleImages } from '../../store/visibleImages.ts';
import { percent } from '../../ui/format.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { ReviewBar } from '../review/ReviewBar.tsx';
import { ReviewMark } from '../review/ReviewMark.tsx';
import './library.css';
import { Thumbnail } from './Thumbnail.tsx';

const ROW = 62;
/** Names of a series differ at their end: what is cut off is the middle. */
const TAIL = 9;

/** The images of the folder: filtered, sorted, and only those in sight in the document. */
export function Library() {
  const project = useProject((state) => state.project);
  const filter = useProject((state) => state.filter);
  const sort = useProject((state) => state.sort);
  const imageId = useProject((state) => state.imageId);
  const setFilter = useProject((state) => state.setFilter);
  const setSort = useProject((state) => state.setSort);
  const reviewFilter = useProject((state) => state.reviewFilter);
  const setReviewFilter = useProject((state) => state.setReviewFilter);
  const figures = useFigures((state) => state.figures);
  const reviews = useReviews((state) => state.reviews);
  const images = project?.images;
  const shown = useMemo(() => {
    const reviewOf = (id: number) => reviewStateOf(id, { reviews });
    return visibleImages(images ?? [], { filter, sort, figures, reviewFilter, reviewOf });
  }, [images, filter, sort, figures, reviewFilter, reviews]);

  return (
    <nav className="library" aria-label="Library">
      <div className="library-head">
        <div className="library-filter">
          <Icon name="search" size={14} />
          <input
            className="field"
            type="search"
            placeholder="Filter"
            aria-label="Filter images by name"
            data-focus="library-filter"
            data-testid="library-filter"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              setFilter('');
              event.currentTarget.blur();
            }}
          />
        </div>
        <div className="library-sort">
          <select
            className="select"
            aria-label="Sort images"
            data-testid="library-sort"
            value={sort}
            onChange={(event) => setSort(event.target.value as LibrarySort)}
          >
            <option value="name">By name</option>
            <option value="disagreement">By disagreement</option>
            <option value="review">By review</option>
          </select>
          <select
            className="select"
            aria-label="Show images by review state"
            data-testid="library-review"
            value={reviewFilter}
            onChange={(event) => setReviewFilter(event.target.value as ReviewState | 'all')}
          >
            <option value="all">All</option>
            {REVIEW_STATES.map((state) => (
              <option key={state} value={state}>
                {REVIEW_NAMES[state]}
              </option>
            ))}
          </select>
          <span className="faint" data-testid="library-count">
            {shown.length === (images?.length ?? 0)
              ? shown.length
              : `${shown.length} of ${images?.length ?? 0}`}
          </span>
        </div>
      </div>
      {shown.length > 0 ? (
        <ImageList shown={shown} imageId={imageId} />
      ) : (
        <EmptyLibrary filtered={(filter !== '' || reviewFilter !== 'all') && (images?.length ?? 0) > 0} />
      )}
      <ReviewBar />
    </nav>
  );
}

function EmptyLibrary({ filtered }: { readonly filtered: boolean }) {
  const { filter, reviewFilter, setFilter, setReviewFilter } = useProject.getState();
  const words = [
    filter === '' ? null : `has “${filter}” in its name`,
    reviewFilter === 'all' ? null : `is ${REVIEW_NAMES[reviewFilter]}`,
  ].filter((part) => part !== null);
  return (
    <div className="empty">
      {filtered ? (
        <>
          <p>No image {words.join(' and ')}.</p>
          <button
            type="button"
            className="button"
            onClick={() => {
              setFilter('');
              setReviewFilter('all');
            }}
          >
            Show all
          </button>
        </>
      ) : (
        <>
          <p>No images in this folder.</p>
          <button type="button" className="button" onClick={() => void chooseFolder()}>
            Open a folder
          </button>
        </>
      )}
    </div>
  );
}

function ImageList({
  shown,
  imageId,
}: {
  readonly shown: readonly ImageEntry[];
  readonly imageId: number | null;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // The virtualiser's own functions change under the same name: the compiler must leave this component alone.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const at = shown.findIndex((image) => image.id === imageId);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);

  return (
    <div
      ref={scroller}
      className="picture-list"
      role="listbox"
      aria-label="Images"
      tabIndex={0}
      aria-activedescendant={at >= 0 ? `library-item-${String(imageId)}` : undefined}
      data-testid="library-list"
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map((row) => {
          const image = shown[row.index];
          return (
            image && (
              <LibraryItem
                key={image.id}
                image={image}
                selected={image.id === imageId}
                top={row.start}
                place={{ at: row.index + 1, of: shown.length }}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface LibraryItemProps {
  readonly image: ImageEntry;
  readonly selected: boolean;
  readonly top: number;
  readonly place: { readonly at: number; readonly of: number };
}

function LibraryItem({ image, selected, top, place }: LibraryItemProps) {
  const selectImage = useProject((state) => state.selectImage);
  const agreement = useFigures((state) => agreementOf(state.figures.get(image.id)));
  const review = useReviews((state) => reviewStateOf(image.id, state));
  const broken = image.problem?.severity === 'error';
  const base = image.name.slice(image.name.lastIndexOf('/') + 1);
  return (
    <div
      id={`library-item-${image.id}`}
      className="picture-row"
      role="option"
      aria-selected={selected}
      aria-setsize={place.of}
      aria-posinset={place.at}
      data-testid={`library-item-${image.id}`}
      data-name={image.name}
      title={image.problem ? formatProblem(image.problem) : image.name}
      style={{ transform: `translateY(${top}px)`, height: ROW }}
      onClick={() => selectImage(image.id)}
    >
      {broken ? (
        <div className="thumbnail broken">
          <Icon name="alert" size={20} />
        </div>
      ) : (
        <Thumbnail url={image.url} />
      )}
      <div className="library-text">
        <span className="library-name">
          <span className="ellipsis">{base.slice(0, -TAIL)}</span>
          <span>{base.slice(-TAIL)}</span>
        </span>
        <span className="library-meta">
          <span className="ellipsis">{metaOf(image, agreement)}</span>
          <span className="badges">
            {image.problem && (
              <span className={`badge ${image.problem.severity}`} aria-label={image.problem.title}>
                <Icon name="alert" size={13} />
              </span>
            )}
            {image.hasTruth && (
              <span className="badge" title="Has ground truth" aria-label="has ground truth">
                <Icon name="truth" size={13} />
              </span>
            )}
            {image.hasMask && (
              <span className="badge edited" title="Has an edited mask" aria-label="has an edited mask">
                <Icon name="edited" size={13} />
              </span>
            )}
            {review !== 'todo' && (
              <span className="badge" title={REVIEW_NAMES[review]} data-testid={`review-mark-${review}`}>
                <ReviewMark state={review} label />
              </span>
            )}
          </span>
        </span>
      </div>
    </div>
  );
}

function metaOf(image: ImageEntry, agreement: number | null): string {
  if (image.problem?.severity === 'error') return 'unreadable';
  if (agreement !== null) return `${percent(agreement)} agree`;
  return `${image.width} × ${image.height}`;
}
