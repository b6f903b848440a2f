import { heatColour } from '#core/imaging/heatMap.ts';
import { useHeat, type HeatSource } from '../../store/useHeat.ts';
import { useProject } from '../../store/useProject.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';

const RAMP = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, n) => `rgb(${heatColour(n / 8).join(' ')})`).join(', ')})`;

/** What the colours of the heat layer mean on this picture. */
export function HeatKey() {
  const { source, heat, imageId, isMaking, problem } = useHeat();
  const shown = useProject((state) => state.imageId);
  if (source === 'off') return null;
  if (problem) {
    return (
      <div className="stage-problem" data-testid="heat-problem">
        <ProblemNote problem={problem} />
      </div>
    );
  }
  const known = heat && imageId === shown ? heat : null;
  const { name, unit, says } = wordsOf(source);
  return (
    <div
      className="heat-key"
      data-testid="heat-key"
      data-busy={isMaking}
      data-largest={known?.largest}
      data-mean={known?.mean}
      title={says}
    >
      <span>{name}</span>
      {known ? (
        <>
          <span className="heat-scale">
            <span className="heat-ramp" style={{ background: RAMP }} />
            <span className="heat-ticks faint">
              <span>0</span>
              <span>{number(known.largest / 4)}</span>
              <span>
                {number(known.largest)} {unit}
              </span>
            </span>
          </span>
          <span className="muted">
            mean {number(known.mean)} {unit}
          </span>
        </>
      ) : (
        <span className="muted">{isMaking ? 'computing' : 'waiting for both models'}</span>
      )}
    </div>
  );
}

function wordsOf(source: HeatSource): { name: string; unit: string; says: string } {
  if (source === 'divergence') {
    return {
      name: 'KL, teacher to student',
      unit: 'nats',
      says: "Kullback-Leibler divergence of the student's class probabilities from the teacher's, at every position where they give logits. Colours go by the root: the middle is a quarter of the largest.",
    };
  }
  return {
    name: `Stage ${Number(source.split('.')[1]) + 1}`,
    unit: '',
    says: "Squared distance of the student's features from the teacher's, over the mean squared length of the teacher's. Colours go by the root: the middle is a quarter of the largest.",
  };
}

const number = (value: number): string => (value === 0 ? '0' : value.toPrecision(2));
