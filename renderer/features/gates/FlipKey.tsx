import { useGateLab } from '../../store/useGateLab.ts';
import { count } from '../../ui/figureFormat.ts';
import { percent } from '../../ui/format.ts';

/** How many pixels flip, and what the two colours mean. */
export function FlipKey() {
  const forced = useGateLab((state) => state.forced);
  const running = useGateLab((state) => state.state === 'running');
  const forces = useGateLab((state) => state.forces.size);
  return (
    <div className="difference-key" data-testid="flip-key">
      {forced ? (
        <>
          <span>
            {forced.flips.changed === 0
              ? 'no pixel flips'
              : `${count(forced.flips.changed)} pixels flip, ${percent(forced.flips.changed / forced.flips.pixels, 2)}`}
          </span>
          {forced.flips.changed > 0 && (
            <>
              <span className="slot-mark teacher" />
              <span className="muted">before</span>
              <span className="slot-mark student" />
              <span className="muted">forced</span>
            </>
          )}
        </>
      ) : (
        <span className="muted">
          {running
            ? 'running'
            : forces > 0
              ? 'not run yet'
              : 'force a neuron or a layer to see which pixels flip'}
        </span>
      )}
    </div>
  );
}
