import type { ModelInfo } from '#core/models/modelInfo.ts';
import { useModelFacts, type ShownFacts } from '../../store/useModelFacts.ts';
import { parityOf, useParity } from '../../store/useParity.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import { bytes, macs, parameters } from '../../ui/format.ts';
import { parityLine } from './parityWords.ts';

/** Everything that is known of a model, in words, and what can be done with it beside its use. */
export function ModelDetails({ model, remove }: { readonly model: ModelInfo; readonly remove: () => void }) {
  const facts = useModelFacts((state) => state.facts.get(model.sha256));
  const version = useProject(({ about }) => about?.version);
  const stored = useSettings(({ settings }) => settings.modelParity);
  const parity = parityOf(model.sha256, stored, version);
  const { hub, card, classTable } = model;
  const names = classTable.classes.map(({ name }) => name);
  return (
    <dl className="model-details selectable" data-testid={`details-${model.id}`}>
      {facts && <GraphFacts facts={facts} />}
      {facts === null && <Line name="Graph" says="could not be read here; it may run all the same" />}
      <Line name={`${names.length} classes`} says={names.join(', ')} />
      {parity && (
        <>
          <Line name="On WASM" says={parityLine(parity.optimised, 'its own graph')} />
          <Line name="On WebGPU" says={parityLine(parity.webgpu, 'its own graph on WASM')} />
        </>
      )}
      <Line name="Licence" says={card?.licence ?? hub?.licence ?? 'not stated'} />
      {hub && <Line name="From" says={`${hub.endpoint}, ${hub.repository} at ${hub.commit.slice(0, 12)}`} />}
      <Line name="File" says={`${model.onnxFile}, ${bytes(model.bytes)}`} />
      <Line name="SHA-256" says={model.fileSha256 ?? model.sha256} />
      {(parity ?? !model.embedded) && (
        <>
          <dt />
          <dd className="model-deeds">
            {parity && (
              <button type="button" className="button" onClick={() => useParity.getState().verify(model)}>
                Verify again
              </button>
            )}
            {!model.embedded && (
              <button type="button" className="button" data-testid={`remove-${model.id}`} onClick={remove}>
                Remove…
              </button>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

function GraphFacts({ facts }: { readonly facts: ShownFacts }) {
  const { size, opset, irVersion, producer, gates, optimised, reason, uncounted } = facts;
  return (
    <>
      <Line
        name="Input"
        says={`${size.width} × ${size.height}${size.fixed ? ', fixed in the file' : ', any size'}`}
      />
      <Line
        name="Cost"
        says={[
          facts.parameters === null ? 'parameters unknown' : `${parameters(facts.parameters)} parameters`,
          facts.macs === null ? 'multiply-adds unknown' : `${macs(facts.macs)} multiply-adds at that size`,
          ...uncounted.map((what) => `without ${what}`),
        ].join(', ')}
      />
      <Line
        name="Graph"
        says={[`opset ${opset ?? 'none'}, IR ${irVersion}`, producer, precision(facts), gateWords(gates)]
          .filter((part) => part !== '')
          .join(', ')}
      />
      <Line
        name="Runs"
        says={
          optimised ? 'rewritten by the studio, with the same logits' : `as it was exported. ${reason ?? ''}`
        }
      />
    </>
  );
}

/** How weights are stored and numbers are computed. */
function precision({ quantised, halfArithmetic, halfWeights }: ShownFacts): string {
  if (quantised) return 'quantised to 8 bits';
  if (halfArithmetic) return 'computes in 16-bit floats';
  return halfWeights ? 'weights stored in 16-bit floats' : '32-bit floats';
}

const gateWords = (gates: number): string =>
  gates === 0 ? 'no gates' : `${gates} gated ${gates === 1 ? 'layer' : 'layers'}`;

function Line({ name, says }: { readonly name: string; readonly says: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{says}</dd>
    </>
  );
}
