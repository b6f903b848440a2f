import { STAGES, useHeat, type HeatSource } from '../../store/useHeat.ts';

/** What the student's stage is tinted by: nothing, or how far it is from its teacher. */
export function HeatMenu() {
  const source = useHeat((state) => state.source);
  const show = useHeat((state) => state.show);
  return (
    <label className="heat-menu">
      <span className="muted wide-only">Heat</span>
      <select
        className="select"
        value={source}
        aria-label="Heat layer: how far the student is from its teacher"
        title="Heat layer: how far the student is from its teacher (M: KL)"
        data-testid="heat-source"
        onChange={(event) => show(event.target.value as HeatSource)}
      >
        <option value="off">off</option>
        <option value="divergence">KL divergence</option>
        {Array.from({ length: STAGES }, (_, stage) => (
          <option key={stage} value={`stage.${stage}`}>
            stage {stage + 1} features
          </option>
        ))}
      </select>
    </label>
  );
}
