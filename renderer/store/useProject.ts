import { create } from 'zustand';
import type { ImageEntry, ProjectSummary, RecentProject } from '#core/ipc/schemas.ts';
import type { Problem } from '#core/problem.ts';
import type { ReviewState } from '#core/review/review.ts';

export type LibrarySort = 'name' | 'disagreement' | 'review';

interface ProjectState {
  /** null until the first project is open. */
  readonly project: ProjectSummary | null;
  /** Why no project is open, or what stopped the last one from opening. */
  readonly problem: Problem | null;
  readonly opening: boolean;
  readonly imageId: number | null;
  readonly recent: readonly RecentProject[];
  readonly filter: string;
  readonly sort: LibrarySort;
  /** Only images in this state of review. */
  readonly reviewFilter: ReviewState | 'all';
  /** Versions for the about line. */
  readonly about: { readonly version: string; readonly electron: string; readonly chrome: string } | null;
  /** Another project, or the same one read again: the chosen image stays where it can. */
  readonly setProject: (project: ProjectSummary) => void;
  readonly selectImage: (imageId: number | null) => void;
  readonly changeImage: (imageId: number, part: Partial<ImageEntry>) => void;
  readonly setRecent: (recent: readonly RecentProject[]) => void;
  readonly setFilter: (filter: string) => void;
  readonly setSort: (sort: LibrarySort) => void;
  readonly setReviewFilter: (state: ReviewState | 'all') => void;
}

export const useProject = create<ProjectState>()((set, get) => ({
  project: null,
  problem: null,
  opening: false,
  imageId: null,
  recent: [],
  filter: '',
  sort: 'name',
  reviewFilter: 'all',
  about: null,
  setProject(project) {
    const before = get();
    const same = before.project?.id === project.id;
    const kept = same && project.images.some((image) => image.id === before.imageId);
    set({
      project,
      problem: null,
      opening: false,
      imageId: kept ? before.imageId : (firstUsable(project)?.id ?? null),
      filter: same ? before.filter : '',
      sort: same ? before.sort : 'name',
      reviewFilter: same ? before.reviewFilter : 'all',
    });
  },
  selectImage(imageId) {
    if (imageId !== get().imageId) set({ imageId });
  },
  changeImage(imageId, part) {
    const { project } = get();
    if (!project) return;
    const images = project.images.map((image) => (image.id === imageId ? { ...image, ...part } : image));
    set({ project: { ...project, images } });
  },
  setRecent(recent) {
    set({ recent });
  },
  setFilter(filter) {
    set({ filter });
  },
  setSort(sort) {
    set({ sort });
  },
  setReviewFilter(reviewFilter) {
    set({ reviewFilter });
  },
}));

/** The first image that can be opened: a folder that begins with a broken file still shows a picture. */
function firstUsable(project: ProjectSummary): ImageEntry | undefined {
  return project.images.find((image) => image.problem?.severity !== 'error') ?? project.images[0];
}

/** The chosen image, or null. */
export function currentImage(
  state: Pick<ProjectState, 'project' | 'imageId'> = useProject.getState(),
): ImageEntry | null {
  return state.project?.images.find((image) => image.id === state.imageId) ?? null;
}
