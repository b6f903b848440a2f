import { layerTitle } from '#core/gates/gateLayout.ts';
import { rankedLayers, useGateLab } from '../../store/useGateLab.ts';
import { count } from '../../ui/figureFormat.ts';
import { change } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';

/** Which layer, with all of its neurons forced on, wins back most pixels: where pruning hurt. */
export function LayerRanking() {
  const natural = useGateLab((state) => state.natural);
  const ranking = useGateLab((state) => state.ranking);
  const rank = useGateLab((state) => state.rank);
  const stop = useGateLab((state) => state.stopRanking);
  const force = useGateLab((state) => state.force);
  const clear = useGateLab((state) => state.clearForces);
  if (!natural || natural.layout.layers.length === 0) return null;
  const { layers } = natural.layout;
  const hasReference = natural.reference !== null;
  const rows = rankedLayers(ranking?.rows ?? [], hasReference);
  const against = natural.reference?.kind === 'truth' ? 'the truth' : 'the teacher';
  const finished = ranking && !ranking.running && rows.length === layers.length;
  return (
    <section className="panel-section" aria-label="Which layer" data-testid="layer-ranking">
      <h2 className="panel-title">
        Which layer?
        {ranking?.running && (
          <button type="button" className="link" data-testid="rank-stop" onClick={stop}>
            stop
          </button>
        )}
      </h2>
      {!ranking?.running && !finished && (
        <>
          <p className="figures-note">
            Forces every layer on, one after the other, and ranks them by the pixels that it wins back
            {hasReference ? ` against ${against}` : ''}: the error&#39;s layer comes first.
          </p>
          <button
            type="button"
            className="button panel-action"
            data-testid="rank-layers"
            onClick={() => void rank()}
          >
            Try each layer
          </button>
        </>
      )}
      {ranking?.running && (
        <div className="rank-progress">
          <ProgressBar label="Layers tried" done={rows.length} total={layers.length} />
          <span className="faint">
            {rows.length} of {layers.length}
          </span>
        </div>
      )}
      {rows.length > 0 && (
        <ol className="ranked-layers" data-testid="ranked-layers" aria-busy={ranking?.running === true}>
          {rows.slice(0, 8).map(({ layer, flips, macs, miou }) => {
            const description = layers[layer]!;
            const net = flips.won - flips.lost;
            const dearer = macs !== null && natural.answer.macs ? macs / natural.answer.macs - 1 : null;
            const better = miou !== null && natural.miou !== null ? (miou - natural.miou) * 100 : null;
            return (
              <li key={layer} data-layer={description.name} data-net={hasReference ? net : flips.changed}>
                <button
                  type="button"
                  className="ranked-layer"
                  title={`${hasReference ? `${count(flips.won)} pixels won, ${count(flips.lost)} lost. ` : ''}Force this layer on and show what flips`}
                  onClick={() => {
                    clear();
                    force(description.name, [...Array(description.neurons).keys()], 'on');
                  }}
                >
                  <span>{layerTitle(description)}</span>
                  <b className={net < 0 ? 'gate-lost' : undefined}>
                    {hasReference
                      ? `${net < 0 ? '−' : '+'}${count(Math.abs(net))} px`
                      : `${count(flips.changed)} px`}
                  </b>
                  <span className="faint ranked-more">
                    {better !== null && `mIoU ${better < 0 ? '−' : '+'}${Math.abs(better).toFixed(1)} `}
                    {dearer !== null && `MACs ${change(dearer)}`}
                  </span>
                </button>
              </li>
            );
          })}
        </ol>
      )}
      {finished && (
        <button type="button" className="button panel-action" onClick={() => void rank()}>
          Try again
        </button>
      )}
    </section>
  );
}
