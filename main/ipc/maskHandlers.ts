import type { EventOf } from '#core/ipc/contract.ts';
import type { HistoryState } from '#core/ipc/schemas.ts';
import type { PatchDirection } from '#core/mask/patch.ts';
import { ProblemError } from '#core/problem.ts';
import type { Review } from '#core/review/review.ts';
import type { Project } from '../node/project.ts';
import { ALONE } from '../node/serialQueue.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers, ParsedRequest } from './calls.ts';

type CommitRequest = ParsedRequest<'mask.commit'>;

export interface MaskHandlers extends GroupHandlers<'mask'> {
  /** Stores a step at once, whatever else is read or stored; null where something that changes masks has not ended. */
  readonly commitNow: (request: CommitRequest) => HistoryState | null;
}

/** How long nothing is painted before the project file's log is put away. */
const PAUSE_MS = 1500;

/** `tellReview` hears of images that a step brought into another state of review. */
export function maskHandlers(
  studio: Studio,
  tellReview: (change: EventOf<'review.changed'>) => void,
): MaskHandlers {
  const { queue } = studio;
  let pause: NodeJS.Timeout | undefined;

  const commit = ({ projectId, ...step }: CommitRequest): HistoryState => {
    const project = studio.projectOf(projectId);
    const history = project.store.commitStep(step, { sync: false });
    const review = reviewAfterEdit(project, step.imageId);
    if (review) tellReview({ projectId, review });
    return history;
  };

  const flush = async (projectId: string): Promise<null> => {
    const project = studio.projectOf(projectId);
    await project.store.flush();
    clearTimeout(pause);
    pause = setTimeout(() => void queue.run(() => tidy(project)).catch(() => undefined), PAUSE_MS);
    return null;
  };

  const move = ({ projectId, imageId }: ParsedRequest<'mask.undo'>, direction: PatchDirection) =>
    queue.run(async () => {
      const moved = studio.projectOf(projectId).moveStep(imageId, direction, { sync: false });
      await flush(projectId);
      return moved;
    }, ALONE);

  const tidy = (project: Project) => {
    if (studio.isOpen(project)) project.store.tidy();
  };

  return {
    commitNow: (request) => (queue.open ? commit(request) : null),
    'mask.flush': ({ projectId }) => flush(projectId),
    'mask.open': ({ projectId, imageId }) =>
      queue.run(async () => {
        try {
          return studio.projectOf(projectId).store.openMask(imageId);
        } catch (error) {
          if (studio.project.store.readOnly || !isDamage(error)) throw error;
        }
        await studio.repair();
        return studio.projectOf(projectId).store.openMask(imageId);
      }, ALONE),
    'mask.commit': (request) =>
      queue.run(async () => {
        const history = commit(request);
        await flush(request.projectId);
        return history;
      }, ALONE),
    'mask.undo': (mask) => move(mask, 'undo'),
    'mask.redo': (mask) => move(mask, 'redo'),
  };
}

function isDamage(error: unknown): boolean {
  return error instanceof ProblemError && ['patch.corrupt', 'project.corrupt'].includes(error.problem.code);
}

/** The step is stored whatever comes after it: a state that could not be is no reason to call the step lost. */
function reviewAfterEdit({ store }: Project, imageId: number): Review | null {
  try {
    return store.reviewAfterEdit(imageId);
  } catch {
    return null;
  }
}
