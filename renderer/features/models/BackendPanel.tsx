import { GPU_MUST_EQUAL, useBackend, type GpuState } from '../../store/useBackend.ts';
import { useModels } from '../../store/useModels.ts';
import { useSettings } from '../../store/useSettings.ts';
import { percent } from '../../ui/format.ts';
import { Segmented } from '../../ui/Segmented.tsx';

const EXPLANATIONS = {
  auto: 'WebGPU where it gives the same class map as WASM on your own images, WASM otherwise.',
  wasm: 'Always the processor. Slower than a good graphics card, the same everywhere.',
  webgpu:
    'The graphics card, a driver that computes on the processor too, once it gave the class map of WASM. WASM takes over where it fails.',
} as const;

/** What the models run on, why, and whether the two ways agree. */
export function BackendPanel() {
  const backend = useSettings((state) => state.settings.backend);
  const optimise = useSettings((state) => state.settings.optimiseModels);
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
      <div className="backend-choice">
        <Segmented
          label="Graphs"
          value={optimise ? 'optimised' : 'original'}
          onChange={(value) => changeSettings({ optimiseModels: value === 'optimised' })}
          options={[
            { value: 'optimised', label: 'Optimised', testId: 'graphs-optimised' },
            { value: 'original', label: 'As exported', testId: 'graphs-original' },
          ]}
        />
        <span className="muted">
          {optimise
            ? 'SegFormers are rewritten to run faster, with the same logits. Their files stay as they are.'
            : 'Models run as their files are. Slower; to compare, or where a rewritten graph gives trouble.'}
        </span>
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
            return state && <GpuRow key={model.id} name={model.name} state={state} />;
          })}
      </dl>
    </section>
  );
}

function GpuRow({ name, state }: { readonly name: string; readonly state: GpuState }) {
  return (
    <>
      <dt className="faint">{name}</dt>
      <dd data-testid="gpu-parity">{describe(state)}</dd>
    </>
  );
}

function describe(state: GpuState): string {
  switch (state.status) {
    case 'checking':
      return 'comparing with WASM; WASM is used until then';
    case 'measured': {
      const share = `${percent(state.equal, 2)} of pixels equal to WASM on ${state.on}`;
      return state.equal >= GPU_MUST_EQUAL ? share : `${share}: too few, so WASM is used`;
    }
    case 'failed':
      return `failed, so WASM is used: ${state.reason}`;
  }
}
