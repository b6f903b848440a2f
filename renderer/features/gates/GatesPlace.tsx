import { useEffect, useMemo } from 'react';
import { greyPicture } from '../../canvas/greyPicture.ts';
import { PictureView } from '../../canvas/PictureView.tsx';
import { runSettingsKey } from '#core/inference/runSettings.ts';
import type { StageLayer } from '../../store/stageLayer.ts';
import { gateTarget } from '../../store/gateTarget.ts';
import { useGateLab, type NaturalRun } from '../../store/useGateLab.ts';
import { useGates } from '../../store/useGates.ts';
import { modelIn, useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { useResults } from '../../store/useResults.ts';
import { runSettingsOf, useSettings } from '../../store/useSettings.ts';
import { useView } from '../../store/useView.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { useElementWidth } from '../../ui/useElementWidth.ts';
import { ModelHeader } from '../compare/ModelHeader.tsx';
import { useCurrentImage, useSlot } from '../compare/useComparison.ts';
import { usePicture } from '../compare/usePicture.ts';
import { useStageLayers } from '../compare/useStageLayers.ts';
import './gates.css';
import { LayerStrip } from './LayerStrip.tsx';
import { FlipKey } from './FlipKey.tsx';
import { StageErrors } from './StageErrors.tsx';

/** What the student's gates did for the image, layer by layer, and what forcing them changes. */
export function GatesPlace() {
  useFollowed();
  const image = useCurrentImage();
  const student = useModels((state) => modelIn('student', state));
  const natural = useGateLab((state) => state.natural);
  const problem = useGateLab((state) => state.problem);
  const gated = natural ? natural.layout.layers.length > 0 : true;
  if (!image || !student) {
    return (
      <section className="gates" aria-label="Gates">
        <div className="empty">
          <h2>No gates to look at yet</h2>
          <p>Open a folder of images and choose a student: its gates say which neurons each image needs.</p>
        </div>
      </section>
    );
  }
  return (
    <section className="gates" aria-label="Gates">
      <div className="gates-picture">
        <ModelHeader slot="student" />
        <GatePicture />
      </div>
      <div className="gates-layers" data-testid="gate-layers">
        {problem && <ProblemNote problem={problem} />}
        {!natural && !problem && (
          <p className="gates-wait muted" role="status">
            reading the gates of this image
          </p>
        )}
        {!gated && (
          <div className="empty">
            <h2>{student.name} has no gates</h2>
            <p>
              It computes all of its neurons for every image. Choose a dynamically pruned student, or make one
              in Models.
            </p>
          </div>
        )}
        {natural && gated && <Strips natural={natural} />}
      </div>
    </section>
  );
}

/** The picture, the student and its settings: what changes of them is followed. */
function useFollowed(): void {
  const imageId = useProject((state) => state.imageId);
  const projectId = useProject((state) => state.project?.id ?? null);
  const student = useModels((state) => modelIn('student', state));
  const settings = useSettings((state) => runSettingsKey(runSettingsOf(student?.id ?? null, state.settings)));
  const optimise = useSettings((state) => state.settings.optimiseModels);
  // The teacher's result is what flips are held against where there is no truth.
  const results = useResults((state) => state.runs);
  const hasReference = useGateLab((state) => state.natural?.reference != null);
  const waitsFor = hasReference ? null : results;
  const sha256 = student?.sha256 ?? null;
  useEffect(() => {
    useGateLab.getState().follow();
  }, [imageId, projectId, sha256, settings, optimise, waitsFor]);
  useEffect(() => {
    if (projectId !== null && sha256 !== null) {
      useGates.getState().open({ projectId, modelSha256: sha256, settings });
    }
  }, [projectId, sha256, settings]);
}

function Strips({ natural }: { readonly natural: NaturalRun }) {
  const [box, width] = useElementWidth();
  return (
    <div ref={box} className="gates-strips">
      {width > 0 &&
        natural.layout.layers.map(({ name }, layer) => (
          <LayerStrip key={name} natural={natural} layer={layer} width={width} />
        ))}
    </div>
  );
}

function GatePicture() {
  const image = useCurrentImage();
  const shown = useGateLab((state) => state.picture);
  const show = useGateLab((state) => state.showPicture);
  const picture = usePicture(image);
  const layers = usePictureLayers();
  const peeking = useView((state) => state.peeking);
  const { colour } = picture;
  const grey = useMemo(() => (colour ? greyPicture(colour) : null), [colour]);
  const broken = image?.problem?.severity === 'error' ? image.problem : picture.problem;
  return (
    <>
      <div className="gates-picture-bar">
        <Segmented
          label="What the picture shows"
          value={shown}
          onChange={(value) => show(value)}
          options={[
            {
              value: 'student',
              label: 'Student',
              title: 'What the student says, as it is now',
              testId: 'gate-picture-student',
            },
            {
              value: 'flips',
              label: 'Flips',
              title: 'The pixels that forcing flips',
              testId: 'gate-picture-flips',
            },
            {
              value: 'stage',
              label: 'Stages',
              title: "How far the student's features are from the teacher's",
              testId: 'gate-picture-stage',
            },
          ]}
        />
      </div>
      <div className="stage">
        {broken ? (
          <div className="empty">
            <ProblemNote problem={broken} />
          </div>
        ) : shown === 'stage' ? (
          <StageErrors picture={colour} />
        ) : (
          <PictureView
            label={shown === 'flips' ? 'pixels that flip' : 'student'}
            picture={shown === 'flips' && !peeking ? grey : colour}
            imageSize={picture.size}
            layers={layers}
            testId="stage-gates"
          />
        )}
        {shown === 'flips' && !broken && <FlipKey />}
      </div>
    </>
  );
}

function usePictureLayers(): readonly StageLayer[] {
  const shown = useGateLab((state) => state.picture);
  const natural = useGateLab((state) => state.natural);
  const forced = useGateLab((state) => state.forced);
  const peeking = useView((state) => state.peeking);
  const { model, source } = useSlot('student');
  const after = forced && forced.key === gateTarget()?.key ? forced : null;
  const table = model?.classTable ?? null;
  const map = after?.answer.classMap ?? null;
  const own = useMemo(() => (map && table ? { key: 'student', map, table } : null), [map, table]);
  const classes = useStageLayers(own ?? source);
  return useMemo(() => {
    if (shown === 'student') return classes;
    if (!natural || !after || !table || peeking) return [];
    return [
      {
        kind: 'difference',
        key: 'flips',
        map: natural.answer.classMap,
        student: after.answer.classMap,
        ignoreId: table.ignoreId,
        only: null,
        opacity: 1,
      },
    ];
  }, [shown, classes, natural, after, table, peeking]);
}
