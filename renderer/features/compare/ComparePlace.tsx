import { useMemo } from 'react';
import { greyPicture } from '../../canvas/greyPicture.ts';
import { PictureView } from '../../canvas/PictureView.tsx';
import type { StageLayer } from '../../store/stageLayer.ts';
import { chooseFolder } from '../../store/openProject.ts';
import type { ModelSlot } from '../../store/useModels.ts';
import { useHeat } from '../../store/useHeat.ts';
import { useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';
import './compare.css';
import { RegionBar } from '../evaluate/RegionBar.tsx';
import { useInspectedShapes } from '../evaluate/useInspectedShapes.ts';
import { CompareBar } from './CompareBar.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { DifferenceKey } from './DifferenceKey.tsx';
import { HeatKey } from './HeatKey.tsx';
import { FailedRun } from './FailedRun.tsx';
import { ModelFooter } from './ModelFooter.tsx';
import { ModelHeader } from './ModelHeader.tsx';
import { SwipeDivider } from './SwipeDivider.tsx';
import { useCurrentImage, useImageFigures, useSlot } from './useComparison.ts';
import { useHeatLayer } from './useHeatLayer.ts';
import { usePicture, type ShownPicture } from './usePicture.ts';
import { useStageLayers } from './useStageLayers.ts';

/** Teacher and student on the same picture: side by side, under a swipe, or only where they differ. */
export function ComparePlace() {
  const image = useCurrentImage();
  const layout = useView((state) => state.layout);
  const picture = usePicture(image);
  if (!image) return <NoImage />;
  const problem = image.problem?.severity === 'error' ? image.problem : picture.problem;
  return (
    <section className="compare" aria-label="Compare">
      <CompareBar />
      {problem ? (
        <div className="empty">
          <ProblemNote problem={problem} />
        </div>
      ) : layout === 'side' ? (
        <div className="compare-side">
          <SideStage slot="teacher" picture={picture} />
          <SideStage slot="student" picture={picture} />
        </div>
      ) : (
        <SharedStage picture={picture} layout={layout} />
      )}
      <RegionBar />
    </section>
  );
}

function NoImage() {
  const project = useProject((state) => state.project);
  return (
    <section className="compare" aria-label="Compare">
      <div className="empty">
        <h2>Nothing to compare yet</h2>
        {project?.problems.map((problem) => (
          <ProblemNote key={problem.code} problem={problem} />
        ))}
        <p>Open a folder of images: both models look at the first one at once.</p>
        <button type="button" className="button primary" onClick={() => void chooseFolder()}>
          Open a folder
        </button>
      </div>
    </section>
  );
}

function SideStage({ slot, picture }: { readonly slot: ModelSlot; readonly picture: ShownPicture }) {
  const { source, state } = useSlot(slot);
  const layers = useStageLayers(source);
  const bare = useBarePicture(picture);
  const grey = useHeatPicture(picture);
  const heat = useHeatLayer();
  const isHot = slot === 'student' && heat !== null;
  const highlight = useInspectedShapes();
  return (
    <div className="stage-column">
      <ModelHeader slot={slot} />
      <div className="stage">
        <PictureView
          label={slot}
          picture={isHot ? grey : bare}
          imageSize={picture.size}
          layers={isHot ? heat : layers}
          highlight={highlight}
          testId={`stage-${slot}`}
        />
        {isHot && <HeatKey />}
        {state?.status === 'failed' && (
          <div className="stage-problem">
            <FailedRun problem={state.problem} />
          </div>
        )}
      </div>
      <ModelFooter slot={slot} />
    </div>
  );
}

/** The picture under a heat layer, whose colours are then the only ones; as it is while it is peeked at. */
function useHeatPicture({ colour }: ShownPicture): ShownPicture['colour'] {
  const isWanted = useHeat((state) => state.source !== 'off');
  const peeking = useView((state) => state.peeking);
  return useMemo(
    () => (colour && isWanted && !peeking ? greyPicture(colour) : colour),
    [colour, isWanted, peeking],
  );
}

/** The picture under the classes; none where only the classes are wanted. */
function useBarePicture(picture: ShownPicture): ShownPicture['colour'] {
  const hidesPicture = useView((state) => state.layers === 'mask' && !state.peeking);
  return hidesPicture ? null : picture.colour;
}

interface SharedStageProps {
  readonly picture: ShownPicture;
  readonly layout: 'swipe' | 'difference';
}

function SharedStage({ picture, layout }: SharedStageProps) {
  const swipe = useView((state) => state.swipe);
  const peeking = useView((state) => state.peeking);
  const teacher = useSlot('teacher');
  const student = useSlot('student');
  const onTheLeft = useStageLayers(teacher.source, { from: 0, to: swipe });
  const onTheRight = useStageLayers(student.source, { from: swipe, to: 1 });
  const difference = useDifference();
  const bare = useBarePicture(picture);
  const swiped = useMemo(() => [...onTheLeft, ...onTheRight], [onTheLeft, onTheRight]);
  const failed = [teacher.state, student.state].find((state) => state?.status === 'failed');
  const isSwipe = layout === 'swipe';
  const highlight = useInspectedShapes();
  const heat = useHeatLayer();
  const isGrey = !isSwipe || heat !== null;
  const { colour } = picture;
  const grey = useMemo(() => (colour && isGrey ? greyPicture(colour) : null), [colour, isGrey]);
  return (
    <div className="stage-column">
      <div className="shared-headers">
        <ModelHeader slot="teacher" />
        <ModelHeader slot="student" />
      </div>
      <div className="stage">
        <PictureView
          label={
            isSwipe ? 'teacher left of the divider, student right of it' : 'where teacher and student differ'
          }
          picture={isGrey ? (peeking ? picture.colour : grey) : bare}
          imageSize={picture.size}
          layers={heat ?? (isSwipe ? swiped : difference)}
          highlight={highlight}
          testId={`stage-${layout}`}
        />
        {heat ? <HeatKey /> : isSwipe ? <SwipeDivider /> : <DifferenceKey />}
        {failed?.status === 'failed' && (
          <div className="stage-problem">
            <FailedRun problem={failed.problem} />
          </div>
        )}
      </div>
      <div className="shared-footers">
        <ModelFooter slot="teacher" />
        <ModelFooter slot="student" />
      </div>
    </div>
  );
}

/** The pixels on which they disagree; of one class where one is picked in the legend. */
function useDifference(): readonly StageLayer[] {
  const { run } = useSlot('teacher');
  const figures = useImageFigures();
  const solo = useView((state) => state.solo);
  const peeking = useView((state) => state.peeking);
  const student = figures?.studentMap ?? null;
  return useMemo(() => {
    if (!run || !student || peeking) return [];
    if (student.width !== run.classMap.width || student.height !== run.classMap.height) return [];
    return [
      {
        kind: 'difference',
        key: 'difference',
        map: run.classMap,
        student,
        ignoreId: run.table.ignoreId,
        only: solo,
        opacity: 1,
      },
    ];
  }, [run, student, solo, peeking]);
}
