import { reviewStateSchema, stateAfterEdit, type Review } from '#core/review/review.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { storedValue } from './storedValue.ts';

/** How far each image of a project is. One that was never touched is to do and has no row. */
export class ReviewStates {
  private known: Map<number, Review> | null = null;

  constructor(private readonly db: SqliteConnection) {}

  /** Every image that is not to do. */
  list(): Review[] {
    return [...this.reviews().values()];
  }

  /** Durably. A note is kept for a rejected image only. */
  set({ imageId, state, note: given }: Review): Review {
    const review: Review = { imageId, state, note: state === 'rejected' ? given.trim() : '' };
    const reviews = this.reviews();
    if (state === 'todo') {
      this.db.run('DELETE FROM reviews WHERE image_id = ?', [imageId]);
      reviews.delete(imageId);
      return review;
    }
    this.db.run(
      `INSERT INTO reviews (image_id, state, note, changed) VALUES (?, ?, ?, ?)
       ON CONFLICT (image_id) DO UPDATE SET state = excluded.state, note = excluded.note, changed = excluded.changed`,
      [imageId, state, review.note, Date.now()],
    );
    reviews.set(imageId, review);
    return review;
  }

  /** A step of the image's mask was stored: its new state, or null where it stays as it is. */
  edited(imageId: number): Review | null {
    const before = this.reviews().get(imageId)?.state ?? 'todo';
    const state = stateAfterEdit(before);
    return state === before ? null : this.set({ imageId, state, note: '' });
  }

  private reviews(): Map<number, Review> {
    this.known ??= new Map(
      this.db.all('SELECT image_id, state, note FROM reviews').map((row) => {
        const imageId = Number(row.image_id);
        return [
          imageId,
          {
            imageId,
            state: storedValue(reviewStateSchema, row.state, 'a review state'),
            note: String(row.note),
          },
        ];
      }),
    );
    return this.known;
  }
}
