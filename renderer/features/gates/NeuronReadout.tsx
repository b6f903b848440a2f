import { isKept } from '#core/gates/gateBits.ts';
import { layerTitle } from '#core/gates/gateLayout.ts';
import { NEURON_TYPE_NUMERAL, neuronType } from '#core/gates/neuronTypes.ts';
import { useGateLab } from '../../store/useGateLab.ts';
import { useGates } from '../../store/useGates.ts';
import { percent } from '../../ui/format.ts';
import { useGateHover } from './useGateHover.ts';

/** The neuron under the pointer or the keyboard: its layer, its logit, how often the folder keeps it. */
export function NeuronReadout() {
  const cell = useGateHover((state) => state.cell);
  const natural = useGateLab((state) => state.natural);
  const forced = useGateLab((state) => state.forced);
  const statistics = useGates((state) => state.folder?.statistics ?? null);
  const layer = cell && natural?.layout.layers[cell.layer];
  if (!cell || !layer) {
    return (
      <section className="panel-section gates-readout" aria-label="Neuron" aria-live="polite">
        <p className="faint">
          Point at a neuron, or Tab to a layer and use the arrow keys. A click or Space forces it.
        </p>
      </section>
    );
  }
  const shown = forced ? forced.answer : natural.answer;
  const at = natural.layout.starts[cell.layer]! + cell.neuron;
  const frequency = statistics && statistics.images > 0 ? statistics.frequency(at) : null;
  const head = Math.floor(cell.neuron / (layer.neurons / layer.groups)) + 1;
  return (
    <section
      className="panel-section gates-readout"
      aria-label="Neuron"
      aria-live="polite"
      data-testid="neuron-readout"
    >
      <h2 className="panel-title">
        {layerTitle(layer)}
        <span className="faint">neuron {cell.neuron}</span>
      </h2>
      <dl className="figures">
        <dt>This image</dt>
        <dd className="wide">
          {isKept(shown.gates.bits, at) ? 'kept' : 'left out'}
          {layer.groups > 1 && <span className="faint"> · head {head}</span>}
        </dd>
        <dt title="What the gate says of the neuron: the largest of a head are kept">Logit</dt>
        <dd className="wide">{shown.scores[at]?.toFixed(3)}</dd>
        <dt title="Share of the folder's images that keep it">Folder</dt>
        <dd className="wide">
          {frequency === null || !statistics ? (
            <span className="faint">no image yet</span>
          ) : (
            <>
              {percent(frequency)}{' '}
              <span className="faint">
                of {statistics.images} · type {NEURON_TYPE_NUMERAL[neuronType(frequency)]}
              </span>
            </>
          )}
        </dd>
      </dl>
    </section>
  );
}
