import { useState, type CSSProperties } from 'react';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { changeRunSettings, runSettingsOf, useSettings } from '../../store/useSettings.ts';

const STEP = 0.05;
const LOWEST = 0.1;

/**
 * The keep ratio of a student: dragging shows the value, letting go runs the student with it. Arrow keys step, and
 * the run begins when the key is let go.
 */
export function KeepSlider({ model }: { readonly model: ModelInfo }) {
  const chosen = useSettings((state) => runSettingsOf(model.id, state.settings).keepRatio);
  const trained = model.card?.keepRatio ?? 1;
  const [draft, setDraft] = useState<number | null>(null);
  const shown = draft ?? chosen ?? trained;
  const commit = (value: number | null): void => {
    setDraft(null);
    if (value === null) return;
    // At the trained ratio the file is taken as it is: its layers may differ in what they keep.
    const keepRatio = Math.abs(value - trained) < STEP / 10 ? null : value;
    if (keepRatio !== chosen) changeRunSettings(model.id, { keepRatio });
  };
  const reset = (): void => commit(trained);
  return (
    <span className="keep">
      {chosen !== null && draft === null && (
        <button
          type="button"
          className="link keep-trained"
          aria-label={`Back to the keep ratio that it was trained at, ${trained.toFixed(2)}`}
          title={`Back to the keep ratio that it was trained at, ${trained.toFixed(2)}`}
          data-testid="keep-reset"
          onClick={reset}
        >
          ↺
        </button>
      )}
      <span className="faint keep-value" data-testid="keep-value">
        keep {shown.toFixed(2)}
      </span>
      <input
        className="slider keep-slider"
        type="range"
        min={LOWEST}
        max={1}
        step={STEP}
        value={shown}
        aria-label="Keep ratio: share of the gated neurons that are computed"
        aria-valuetext={`${Math.round(shown * 100)} percent of the gated neurons`}
        title={`Keep ratio: share of the gated neurons that are computed. Trained at ${trained.toFixed(2)}; double-click goes back to it`}
        data-testid="keep-slider"
        style={{ '--filled': `${((shown - LOWEST) / (1 - LOWEST)) * 100}%` } as CSSProperties}
        onChange={(event) => setDraft(Number(event.target.value))}
        onPointerUp={() => commit(draft)}
        onPointerCancel={() => setDraft(null)}
        onKeyUp={() => commit(draft)}
        onBlur={() => commit(draft)}
        onDoubleClick={reset}
      />
    </span>
  );
}
