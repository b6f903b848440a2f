import { STAGES, useHeat, type HeatSource } from '../../store/useHeat.ts';

/** What the student's stage is tinted by: nothing, or how far it is from its teacher. */
export function HeatMenu() {
  const source = useHeat((state) => state.source);
  const show = useHeat((state) => state.show);
  return (
    <select
      className="select"
      value={source}
      aria-label="Heat layer: how far the student is from its teacher"
      title="Heat layer: how far the student is from its teacher, by the KL divergence (M) or by the features of a stage"
      data-testid="heat-source"
      onChange={(event) => show(event.target.value as HeatSource)}
    >
      <option value="off">Heat off</option>
      <option value="divergence">KL heat</option>
      {Array.from({ length: STAGES }, (_, stage) => (
        <option key={stage} value={`stage.${stage}`}>
          Stage {stage + 1} heat
        </option>
      ))}
    </select>
  );
}
