import { useEffect } from 'react';
import type { Problem } from '#core/problem.ts';
import { chooseFolder } from '../../store/openProject.ts';
import { useDisputes } from '../../store/useDisputes.ts';
import { useMask } from '../../store/useMask.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { hand, watchHand } from '../../tools/hand.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { useCurrentImage } from '../compare/useComparison.ts';
import { usePicture } from '../compare/usePicture.ts';
import { ZoomControl } from '../compare/ZoomControl.tsx';
import { VerdictBar } from '../disputes/VerdictBar.tsx';
import { ActiveClass } from './ActiveClass.tsx';
import './annotate.css';
import { HistoryControls } from './HistoryControls.tsx';
import { Insets } from './Insets.tsx';
import { LayerSwitch } from './LayerSwitch.tsx';
import { MaskStage } from './MaskStage.tsx';
import { SaveProblem } from './SaveProblem.tsx';
import { SaveState } from './SaveState.tsx';
import { StartOverMenu } from './StartOverMenu.tsx';
import { StartPanel } from './StartPanel.tsx';
import { ToolBar } from './ToolBar.tsx';
import { ToolOptions } from './ToolOptions.tsx';

/** The place where masks are fixed. */
export function AnnotatePlace() {
  const image = useCurrentImage();
  const table = useProject(({ project }) => project?.classTable);
  const picture = usePicture(image);
  useOpenMask(image?.id ?? null);
  useEffect(() => {
    const stop = watchHand(window);
    return () => {
      hand.interrupt('placeChange');
      stop();
    };
  }, []);
  if (!image || !table) return <NoImage />;
  const problem = image.problem?.severity === 'error' ? image.problem : picture.problem;
  return (
    <section className="annotate" aria-label="Annotate" data-testid="annotate">
      <div className="place-bar">
        <ToolOptions />
        <LayerSwitch />
        <ZoomControl />
      </div>
      <div className="annotate-middle">
        <ToolBar />
        {problem ? (
          <Broken problem={problem} />
        ) : (
          <>
            <div className="annotate-stage">
              <MaskStage picture={picture} table={table} label={`mask of ${image.name}`} />
              <StageState imageId={image.id} />
              <SaveProblem />
              <VerdictBar table={table} />
            </div>
            <Insets picture={picture} />
          </>
        )}
      </div>
      <footer className="annotate-footer">
        <ActiveClass table={table} />
        <HistoryControls />
        <StartOverMenu />
        <SaveState />
      </footer>
    </section>
  );
}

/** Opens the mask of the chosen image; one that cannot be read has none to open. */
function useOpenMask(imageId: number | null): void {
  useEffect(() => {
    if (imageId === null) return;
    if (currentImage()?.problem?.severity === 'error') useMask.getState().close();
    else void useMask.getState().openMask(imageId);
  }, [imageId]);
}

function NoImage() {
  return (
    <section className="annotate" aria-label="Annotate">
      <div className="empty">
        <h2>No picture to annotate yet</h2>
        <p>Open a folder of images, then start a mask from what the teacher sees.</p>
        <button type="button" className="button primary" onClick={() => void chooseFolder()}>
          Open a folder
        </button>
      </div>
    </section>
  );
}

function Broken({ problem }: { readonly problem: Problem }) {
  return (
    <div className="empty">
      <ProblemNote problem={problem} />
    </div>
  );
}

/** What stands over the picture as long as there is no mask to paint in. */
function StageState({ imageId }: { readonly imageId: number }) {
  const status = useMask((state) => state.status);
  const opened = useMask((state) => state.imageId);
  const problem = useMask((state) => state.problem);
  // The first verdict starts the mask from the teacher: nothing may lie over what it is about.
  const deciding = useDisputes(({ selected }) => selected?.imageId === imageId);
  if (opened !== imageId) return null;
  switch (status) {
    case 'unstarted':
      return deciding ? null : <StartPanel />;
    case 'failed':
      return (
        <div className="save-problem">
          {problem && (
            <ProblemNote problem={problem}>
              <button
                type="button"
                className="button"
                onClick={() => void useMask.getState().openMask(imageId)}
              >
                Try again
              </button>
            </ProblemNote>
          )}
        </div>
      );
    case 'closed':
    case 'loading':
    case 'ready':
      return null;
  }
}
