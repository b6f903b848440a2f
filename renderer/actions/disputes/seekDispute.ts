import type { Dispute } from '#core/disputes/findDisputes.ts';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import { zoomToRect } from '../../canvas/viewport.ts';
import { libraryImages } from '../../store/stepImage.ts';
import { disputeStates, useDisputes } from '../../store/useDisputes.ts';
import { modelIn } from '../../store/useModels.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { runKey, useResults } from '../../store/useResults.ts';
import { useToasts } from '../../store/useToasts.ts';
import { useVerdicts } from '../../store/useVerdicts.ts';
import { useView } from '../../store/useView.ts';

/** Of the window that a dispute fills when it is jumped to. */
const SHARE = 1 / 3;

/** Shows a dispute of an image in the middle of the mask, with its outline, and makes it what verdicts are about. */
export async function showDispute(imageId: number, dispute: Dispute): Promise<void> {
  const view = useView.getState();
  if (view.place !== 'annotate') {
    view.setPlace('annotate');
    // Its stage is measured when it is there.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  }
  useProject.getState().selectImage(imageId);
  useDisputes.getState().select(imageId, dispute);
  const { stageSize } = useView.getState();
  const image = currentImage();
  if (stageSize && image) view.setZoom(zoomToRect(dispute.rect, stageSize, image, SHARE));
}

/**
 * Goes to the next (1) or previous (-1) dispute without a verdict: of this image, by rank, then of the images that
 * follow in the library, around to this one. Images that have no result yet are looked at by both models on the
 * way. Choosing another image, or `seeking.stop`, ends it.
 */
export async function seekDispute(step: 1 | -1): Promise<void> {
  const { imageId } = useProject.getState();
  useDisputes.getState().seeking?.stop();
  if (imageId === null) return;
  const here = nextOpen(imageId, step, selectedIn(imageId));
  if (here) {
    await showDispute(imageId, here);
    return;
  }

  const stopped = new AbortController();
  const order = imagesFrom(imageId, step);
  const stop = (): void => {
    stopped.abort();
    useDisputes.setState({ seeking: null });
  };
  const tell = (done: number): void => useDisputes.setState({ seeking: { done, total: order.length, stop } });
  useDisputes.getState().leave();
  try {
    for (const [index, image] of order.entries()) {
      tell(index);
      if (!disputeStates(image.id)) {
        useProject.getState().selectImage(image.id);
        if (!(await untilFound(image.id, stopped.signal))) return;
      }
      const dispute = nextOpen(image.id, step, null);
      if (dispute) {
        await showDispute(image.id, dispute);
        return;
      }
    }
  } finally {
    if (!stopped.signal.aborted) stop();
  }
  useToasts.getState().showProblem({
    code: 'disputes.none-left',
    severity: 'note',
    title: 'no dispute is left without a verdict',
    hint: 'Lower the size of the smallest ones to see more',
  });
}

/** This image (its disputes may not be found yet), those after it, around to it again. */
function imagesFrom(imageId: number, step: 1 | -1): readonly ImageEntry[] {
  const shown = libraryImages().filter((image) => image.problem?.severity !== 'error');
  const ordered = step === 1 ? shown : [...shown].reverse();
  const at = ordered.findIndex((image) => image.id === imageId);
  if (at < 0) return ordered;
  return [...ordered.slice(at), ...ordered.slice(0, at)];
}

function selectedIn(imageId: number): Dispute | null {
  const { selected } = useDisputes.getState();
  return selected?.imageId === imageId ? selected.dispute : null;
}

/** The first open dispute of an image after `from` in that direction, null from its beginning. */
function nextOpen(imageId: number, step: 1 | -1, from: Dispute | null): Dispute | null {
  const states = disputeStates(imageId) ?? [];
  const ordered = step === 1 ? states : [...states].reverse();
  const at = ordered.findIndex(({ dispute }) => dispute === from);
  return ordered.slice(at + 1).find(({ verdict }) => !verdict)?.dispute ?? null;
}

/** Waits for both models and for the disputes between them; false where it was stopped or left. */
function untilFound(imageId: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const end = (found: boolean): void => {
      for (const stop of stops) stop();
      resolve(found);
    };
    const look = (): void => {
      if (signal.aborted || useProject.getState().imageId !== imageId) end(false);
      else if (useDisputes.getState().images.has(imageId) || hasFailed(imageId)) end(true);
    };
    signal.addEventListener('abort', look);
    stops.push(
      () => signal.removeEventListener('abort', look),
      useDisputes.subscribe(look),
      useResults.subscribe(look),
      useProject.subscribe(look),
      useVerdicts.subscribe(look),
    );
    look();
  });
}

function hasFailed(imageId: number): boolean {
  const { runs } = useResults.getState();
  return (['teacher', 'student'] as const).some((slot) => {
    const model = modelIn(slot);
    return model !== null && runs.get(runKey(imageId, model.id))?.status === 'failed';
  });
}
