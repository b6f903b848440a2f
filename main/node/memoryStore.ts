import type { HistoryState, OpenMask } from '#core/ipc/schemas.ts';
import type { ImageListing, ListedImage } from './imageFolder.ts';
/** Stands in until the project store is here. */
export class ProjectStore {
  private list: (ListedImage & { id: number; hasMask: boolean })[] = [];
  readonly readOnly = false;
  static open(_file: string): Promise<ProjectStore> {
    return Promise.resolve(new ProjectStore());
  }
  syncImages(listing: ImageListing): void {
    this.list = listing.images.map((image, index) => ({ ...image, id: index + 1, hasMask: false }));
  }
  images() {
    return this.list;
  }
  openMask(_imageId: number): OpenMask | null {
    return null;
  }
  commitStep(_request: unknown): HistoryState {
    throw new Error('not yet');
  }
  undo(_imageId: number): null {
    return null;
  }
  redo(_imageId: number): null {
    return null;
  }
  close(): void {
    this.list = [];
  }
}
