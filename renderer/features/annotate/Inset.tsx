import { PictureView } from '../../canvas/PictureView.tsx';
import type { ModelSlot } from '../../store/useModels.ts';
import { useView } from '../../store/useView.ts';
import { useSlot } from '../compare/useComparison.ts';
import type { ShownPicture } from '../compare/usePicture.ts';
import { useStageLayers } from '../compare/useStageLayers.ts';
import { useDisputeHighlight } from '../disputes/useDisputeHighlight.ts';
import { insetHandler } from './insetHandler.ts';

const HANDLERS = { teacher: insetHandler('teacher'), student: insetHandler('student') };

interface InsetProps {
  readonly slot: ModelSlot;
  readonly picture: ShownPicture;
}

/** What a model sees, small, at the zoom and with the cursor of the mask. */
export function Inset({ slot, picture }: InsetProps) {
  const { model, state, source } = useSlot(slot);
  const layers = useStageLayers(source);
  const highlight = useDisputeHighlight();
  const covered = useView((view) => view.layers === 'mask' && !view.peeking) && source !== null;
  const message = !model
    ? `no ${slot} is chosen`
    : state?.status === 'failed'
      ? state.problem.title
      : (state?.status ?? 'waiting');
  return (
    <figure className="inset" data-testid={`inset-${slot}`}>
      <figcaption>
        <span className={`slot-mark ${slot}`} aria-hidden="true" />
        <span className="slot-name">{slot === 'teacher' ? 'Teacher' : 'Student'}</span>
        <span className="muted ellipsis">{model?.name}</span>
      </figcaption>
      <div className="inset-stage">
        <PictureView
          label={slot}
          picture={covered ? null : picture.colour}
          imageSize={picture.size}
          layers={layers}
          handler={HANDLERS[slot]}
          highlight={highlight}
          inset
          testId={`inset-stage-${slot}`}
        />
        {!source && <p className="inset-message">{message}</p>}
      </div>
    </figure>
  );
}
