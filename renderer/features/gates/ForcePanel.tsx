import { layerTitle } from '#core/gates/gateLayout.ts';
import { useGateLab, type ForcedRun, type NaturalRun } from '../../store/useGateLab.ts';
import { count } from '../../ui/figureFormat.ts';
import { change, macs, percent } from '../../ui/format.ts';

/** What is forced, what that flips, and what it costs. */
export function ForcePanel() {
  const natural = useGateLab((state) => state.natural);
  const forced = useGateLab((state) => state.forced);
  const forces = useGateLab((state) => state.forces);
  const running = useGateLab((state) => state.state === 'running');
  const clear = useGateLab((state) => state.clearForces);
  const force = useGateLab((state) => state.force);
  return (
    <section className="panel-section" aria-label="Forced" data-testid="force-panel">
      <h2 className="panel-title">
        Forced
        {forces.size > 0 && (
          <button type="button" className="link" data-testid="force-clear" onClick={clear}>
            let go of all
          </button>
        )}
      </h2>
      {forces.size === 0 && <p className="figures-note">Nothing: the gates choose.</p>}
      <ul className="forced-list">
        {natural?.layout.layers
          .filter(({ name }) => forces.has(name))
          .map((layer) => {
            const { on, off } = forces.get(layer.name)!;
            const parts = [on.size > 0 && `${on.size} on`, off.size > 0 && `${off.size} off`].filter(Boolean);
            return (
              <li key={layer.name}>
                <span className="ellipsis">{layerTitle(layer)}</span>
                <span className="muted">{parts.join(', ')}</span>
                <button
                  type="button"
                  className="link"
                  aria-label={`Let go of ${layerTitle(layer)}`}
                  onClick={() => force(layer.name, [...on, ...off], 'free')}
                >
                  ×
                </button>
              </li>
            );
          })}
      </ul>
      {natural && <Outcome natural={natural} forced={forced} running={running} />}
    </section>
  );
}

interface OutcomeProps {
  readonly natural: NaturalRun;
  readonly forced: ForcedRun | null;
  readonly running: boolean;
}

function Outcome({ natural, forced, running }: OutcomeProps) {
  const { reference, answer, miou } = natural;
  const against = reference?.kind === 'truth' ? 'truth' : 'the teacher';
  const points = (share: number | null): string => (share === null ? '–' : (share * 100).toFixed(2));
  const dearer = forced?.answer.macs && answer.macs ? (forced.answer.macs - answer.macs) / answer.macs : null;
  return (
    <dl className="figures" data-testid="force-outcome" aria-busy={running}>
      {forced && (
        <>
          <dt>Flipped</dt>
          <dd className="wide" data-testid="flipped">
            {count(forced.flips.changed)}{' '}
            <span className="faint">{percent(forced.flips.changed / forced.flips.pixels, 2)}</span>
          </dd>
          {reference && (
            <>
              <dt title={`Of the flipped pixels, held against ${against}`}>Won, lost</dt>
              <dd className="wide">
                <span className="gate-won">+{count(forced.flips.won)}</span>{' '}
                <span className="gate-lost">−{count(forced.flips.lost)}</span>
              </dd>
            </>
          )}
        </>
      )}
      {miou !== null && (
        <>
          <dt title="Mean IoU of this image against the ground truth">mIoU</dt>
          <dd className="wide" data-testid="force-miou">
            {points(miou)}
            {forced && ` → ${points(forced.miou)}`}
          </dd>
        </>
      )}
      {answer.macs !== null && (
        <>
          <dt title="Multiply-adds of this run. A layer's heads stay equally wide: forcing a neuron of one head widens all">
            MACs
          </dt>
          <dd className="wide" data-testid="force-macs">
            {macs(answer.macs)}
            {forced?.answer.macs && ` → ${macs(forced.answer.macs)}`}
            {dearer !== null && <span className="faint"> {change(dearer)}</span>}
          </dd>
        </>
      )}
    </dl>
  );
}
