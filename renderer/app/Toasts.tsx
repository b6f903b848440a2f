import { useEffect } from 'react';
import { useToasts, type Toast } from '../store/useToasts.ts';
import { Icon } from '../ui/icons/Icon.tsx';

/** Errors stay until they are closed; the rest goes by itself. */
const SHOWN_MS = 6000;

/** Messages in a corner; they are announced and never take the focus. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="log" aria-live="polite" aria-label="Messages">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const dismiss = useToasts((state) => state.dismiss);
  const { id, kind } = toast;
  useEffect(() => {
    if (kind === 'error') return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, kind, dismiss]);
  return (
    <div className={`toast ${kind}`} data-testid="toast">
      <div className="toast-text">
        <p>{toast.title}</p>
        {toast.detail !== undefined && <p className="muted">{toast.detail}</p>}
        {toast.action && (
          <button type="button" className="link" onClick={toast.action.run}>
            {toast.action.label}
          </button>
        )}
      </div>
      <button type="button" className="icon-button" aria-label="Close message" onClick={() => dismiss(id)}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
