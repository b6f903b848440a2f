import { GPU_MUST_EQUAL, useBackend, type GpuState } from '../../store/useBackend.ts';
import { useModels } from '../../store/useModels.ts';
import { useSettings } from '../../store/useSettings.ts';
import { percent } from '../../ui/format.ts';
import { Segmented } from '../../ui/Segmented.tsx';

const EXPLANATIONS = {
  auto: 'WebGPU where it gives the same class map as WASM on your own images, WASM otherwise.',
  wasm: 'Always the processor. Slower than a good graphics card, the same everywhere.',
  webgpu: 'The graphics card, even where it was not compared yet. WASM takes over where it fails.',
} as const;

/** What the models run on, why, and whether the two ways agree. */
export function BackendPanel() {
  const backend = useSettings((state) => state.settings.backend);
  const changeSettings = useSettings((state) => state.change);
  const adapter = useBackend((state) => state.adapter);
  const gpu = useBackend((state) => state.gpu);
  const threads = useBackend((state) => state.threads);
  const models = useModels((state) => state.models);
  return (
    <section className="backend" aria-label="Backend" data-testid="backend">
      <h2>Backend</h2>
      <div className="backend-choice">
        <Segmented
          label="Backend"
          value={backend}
          onChange={(value) => changeSettings({ backend: value })}
          options={[
            { value: 'auto', label: 'Automatic', testId: 'backend-auto' },
            { value: 'wasm', label: 'WASM', testId: 'backend-wasm' },
            { value: 'webgpu', label: 'WebGPU', testId: 'backend-webgpu' },
          ]}
        />
        <span className="muted">{EXPLANATIONS[backend]}</span>
      </div>
      <dl className="backend-facts">
        <dt>WASM</dt>
        <dd>
          {threads} {threads === 1 ? 'thread' : 'threads'}
        </dd>
        <dt>WebGPU</dt>
        <dd data-testid="backend-webgpu-state">
          {adapter === null
            ? 'looking for an adapter'
            : adapter.found
              ? adapter.software
                ? `${adapter.name}, in software: slower than WASM, so only where you choose it`
                : adapter.name
              : 'no adapter on this machine: models run on WASM'}
        </dd>
        {adapter?.found &&
          models.map((model) => {
            const state = gpu.get(model.sha256);
            return (
              state && <GpuRow key={model.id} name={model.name} state={state} chosen={backend === 'webgpu'} />
            );
          })}
      </dl>
    </section>
  );
}

function GpuRow({
  name,
  state,
  chosen,
}: {
  readonly name: string;
  readonly state: GpuState;
  readonly chosen: boolean;
}) {
  return (
    <>
      <dt className="faint">{name}</dt>
      <dd>{describe(state, chosen)}</dd>
    </>
  );
}

function describe(state: GpuState, chosen: boolean): string {
  switch (state.status) {
    case 'unchecked':
      return 'not compared yet';
    case 'checking':
      return 'comparing with WASM';
    case 'measured': {
      const share = `${percent(state.equal, 2)} equal to WASM on ${state.on}`;
      if (state.equal >= GPU_MUST_EQUAL) return share;
      return chosen ? `${share}: used because you chose it` : `${share}: too little, so WASM is used`;
    }
    case 'failed':
      return `failed, so WASM is used: ${state.reason}`;
  }
}
