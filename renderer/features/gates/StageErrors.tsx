import { useEffect, useRef } from 'react';
import type { FeatureErrors } from '#core/gates/featureErrors.ts';
import { heatColour } from '#core/imaging/heatMap.ts';
import type { Picture } from '../../canvas/pictureStage.ts';
import { useGateLab } from '../../store/useGateLab.ts';

/** The error of each stage of the student against the teacher's, as a small map over the picture. */
export function StageErrors({ picture }: { readonly picture: Picture | null }) {
  const features = useGateLab((state) => state.features);
  const running = useGateLab((state) => state.state === 'running');
  const compare = useGateLab((state) => state.compareStages);
  if (!features) {
    return (
      <div className="empty">
        <p>Where each of the stages of the student is furthest from that of its teacher, on this image.</p>
        <button
          type="button"
          className="button primary"
          disabled={running}
          data-testid="compare-stages"
          onClick={() => void compare()}
        >
          {running ? 'Comparing' : 'Compare the stages'}
        </button>
      </div>
    );
  }
  const largest = Math.max(
    ...features.stages.map(({ errors }) => errors.reduce((a, b) => Math.max(a, b), 0)),
  );
  return (
    <div className="stage-errors" data-testid="stage-errors">
      {features.stages.map((stage, index) => (
        <figure key={index}>
          <ErrorMap stage={stage} largest={largest} picture={picture} />
          <figcaption>
            stage {index + 1} <span className="muted">error {stage.mean.toFixed(3)}</span>{' '}
            <span className="faint">
              {stage.width} × {stage.height}
            </span>
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

interface ErrorMapProps {
  readonly stage: FeatureErrors;
  readonly largest: number;
  readonly picture: Picture | null;
}

function ErrorMap({ stage, largest, picture }: ErrorMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const { width, height, errors } = stage;
    element.width = width;
    element.height = height;
    const image = new ImageData(width, height);
    errors.forEach((error, at) => {
      // The root: most positions are far below the largest one.
      const share = largest === 0 ? 0 : Math.sqrt(error / largest);
      image.data.set([...heatColour(share), 235 * share], at * 4);
    });
    context.putImageData(image, 0, 0);
  }, [stage, largest]);
  return (
    <div className="stage-error" style={{ aspectRatio: `${stage.width} / ${stage.height}` }}>
      {picture && <Backdrop picture={picture} />}
      <canvas ref={canvas} />
    </div>
  );
}

function Backdrop({ picture }: { readonly picture: Picture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    element.width = 320;
    element.height = Math.round((320 * picture.height) / picture.width);
    context.filter = 'grayscale(1) brightness(0.45)';
    context.drawImage(picture, 0, 0, element.width, element.height);
  }, [picture]);
  return <canvas ref={canvas} />;
}
