interface ProgressBarProps {
  /** What makes progress, for screen readers. */
  readonly label: string;
  readonly done: number;
  /** 0 where nothing is known yet: the bar is empty. */
  readonly total: number;
  readonly className?: string;
}

/** How much of a whole is done. */
export function ProgressBar({ label, done, total, className }: ProgressBarProps) {
  const share = total === 0 ? 0 : done / total;
  return (
    <div
      className={className === undefined ? 'progress' : `progress ${className}`}
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={total > 1 ? `${done} of ${total}` : undefined}
    >
      <div style={{ width: `${share * 100}%` }} />
    </div>
  );
}
