interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly title?: string;
  readonly testId?: string;
  /** Only whole numbers from `min` to `max`. */
  readonly onChange: (value: number) => void;
}

/** A small whole number, typed or stepped; Enter and Escape give the keyboard back to the picture. */
export function NumberField({ label, value, min, max, unit, title, testId, onChange }: NumberFieldProps) {
  return (
    <label className="number-field" title={title}>
      <input
        className="field"
        type="number"
        min={min}
        max={max}
        value={value}
        aria-label={label}
        data-testid={testId}
        onChange={(event) => {
          const next = event.target.valueAsNumber;
          if (Number.isFinite(next)) onChange(Math.min(max, Math.max(min, Math.round(next))));
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {unit !== undefined && <span className="faint">{unit}</span>}
    </label>
  );
}
