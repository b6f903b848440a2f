import type { ModelInfo } from '#core/models/modelInfo.ts';
import { parityOf, useParity } from '../../store/useParity.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import { parityBadge, parityLine } from './parityWords.ts';

/** Whether the forms of a model that run say what the model itself says; not verified: the button that does it. */
export function ParityMark({ model }: { readonly model: ModelInfo }) {
  const state = useParity(({ states }) => states.get(model.sha256));
  const version = useProject(({ about }) => about?.version);
  const stored = useSettings(({ settings }) => settings.modelParity);
  const parity = parityOf(model.sha256, stored, version);
  const testId = `parity-${model.id}`;
  if (state?.status === 'waiting' || state?.status === 'running') {
    return (
      <span className="parity faint" data-testid={testId}>
        verifying
      </span>
    );
  }
  if (state?.status === 'failed') {
    return (
      <span className="parity failed" data-testid={testId} title={state.problem.detail}>
        {state.problem.title}
      </span>
    );
  }
  if (!parity) {
    return (
      <button
        type="button"
        className="button parity-verify"
        data-testid={`verify-${model.id}`}
        title="Runs it on a probe picture: its own graph, the form that the studio made of it, and WebGPU, and compares every pixel"
        onClick={() => useParity.getState().verify(model)}
      >
        Verify
      </button>
    );
  }
  const { tone, text } = parityBadge(parity);
  return (
    <span
      className={`parity ${tone}`}
      data-testid={testId}
      title={`WASM: ${parityLine(parity.optimised, 'its own graph')}\nWebGPU: ${parityLine(parity.webgpu, 'its own graph on WASM')}`}
    >
      {text}
    </span>
  );
}
