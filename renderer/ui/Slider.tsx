import type { CSSProperties } from 'react';

interface SliderProps {
  readonly label: string;
  /** 0 to 1. */
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly title?: string;
  readonly testId?: string;
}

export function Slider({ label, value, onChange, title, testId }: SliderProps) {
  const percent = Math.round(value * 100);
  return (
    <input
      className="slider"
      type="range"
      min={0}
      max={100}
      step={1}
      value={percent}
      aria-label={label}
      aria-valuetext={`${percent} percent`}
      title={title}
      data-testid={testId}
      style={{ '--filled': `${percent}%` } as CSSProperties}
      onChange={(event) => onChange(Number(event.target.value) / 100)}
    />
  );
}
