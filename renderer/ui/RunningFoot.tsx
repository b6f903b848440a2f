interface RunningFootProps {
  /** Closes the dialog; the work goes on. */
  readonly hide: () => void;
  readonly stop: () => void;
  /** It was asked to stop, and has not yet. */
  readonly stopping?: boolean;
  readonly title?: string;
  readonly testId: string;
}

/** The foot of a dialog whose work goes on without it. */
export function RunningFoot({ hide, stop, stopping = false, title, testId }: RunningFootProps) {
  return (
    <div className="dialog-foot">
      <button type="button" className="button" onClick={hide}>
        Hide
      </button>
      <button
        type="button"
        className="button"
        disabled={stopping}
        title={title}
        data-testid={testId}
        onClick={stop}
      >
        {stopping ? 'Stopping' : 'Stop'}
      </button>
    </div>
  );
}
